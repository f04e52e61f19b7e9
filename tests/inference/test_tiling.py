"""Fully convolutional networks before images of any size."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from aeexp.inference.tiling import Tiling
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.architectures.conv import Conv
from aeexp.models.architectures.dense import Dense
from aeexp.models.architectures.residual import Residual
from aeexp.models.architectures.unet import Unet
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.bottleneck import Bottleneck
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.types import Shape
from tests.support.evaluations import autoencoder

CONV = Conv(stem_filters=16, filters=8, code_size=4)
NETWORKS = {
    "lecture": (CONV, (28, 28, 1), (28, 28, 1)),
    "lecture, doubling": (CONV, (14, 14, 1), (28, 28, 1)),
    "cropped": (CONV, (45, 33, 3), (45, 33, 3)),
    "u-net": (Unet([4, 6, 8]), (28, 28, 1), (28, 28, 1)),
    "padded u-net": (Unet([4, 6, 8]), (30, 27, 1), (30, 27, 1)),
    "residual": (Residual(filters=4, blocks=2), (14, 14, 3), (28, 28, 3)),
}


def network(
    architecture: Architecture, inputs: Shape, outputs: Shape, bottleneck: Bottleneck | None = None
) -> Autoencoder:
    """One whose every weight is other than 0, so that what it sees does change what it gives."""
    model = autoencoder(architecture, bottleneck or Deterministic(), None, inputs, outputs)
    random = np.random.default_rng(0)
    for weight in model.weights:
        if not weight.numpy().any():
            weight.assign(random.normal(0, 0.1, weight.shape))
    return model


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).random(shape, np.float32)


@pytest.fixture(params=NETWORKS, scope="module")
def model(request) -> Autoencoder:
    return network(*NETWORKS[request.param])


def test_an_image_of_the_trained_size_is_given_to_the_network_itself(model):
    images = random(2, *model.encoder.inputs[0].shape[1:])
    np.testing.assert_allclose(Tiling.of(model)(images), model(images)["reconstruction"], atol=1e-6)


def test_tiles_together_give_what_the_whole_gives(model):
    tiling = Tiling.of(model)
    images = random(1, 110, 150, model.encoder.inputs[0].shape[3])
    whole = tiling(images)
    assert whole.std() > 1e-3
    np.testing.assert_allclose(replace(tiling, kept=32)(images), whole, atol=1e-6)


def test_less_than_the_reach_would_show(model):
    """The reach is no idle precaution: with a third of it the seams differ."""
    tiling = Tiling.of(model)
    images = random(1, 110, 150, model.encoder.inputs[0].shape[3])
    near = replace(tiling, kept=32, reach=tiling.reach // 3)(images)
    assert np.abs(near - tiling(images)).max() > 1e-5


@pytest.mark.parametrize("size", [(1, 1), (5, 90), (28, 28), (29, 30), (64, 47)])
def test_any_size(model, size):
    tiling = Tiling.of(model)
    restored = tiling(random(1, *size, model.encoder.inputs[0].shape[3]))
    assert restored.shape == (1, tiling.scale * size[0], tiling.scale * size[1], model.decoder.output.shape[3])
    assert np.isfinite(restored).all()


def test_far_from_the_border_a_shifted_image_gives_a_shifted_result(model):
    """What is padded to make a size fit changes nothing far away, and the grids stay where they were."""
    tiling = Tiling.of(model)
    step, reach, scale = tiling.step, tiling.reach + tiling.step, tiling.scale
    images = random(1, 2 * reach + 30, 2 * reach + 40, model.encoder.inputs[0].shape[3])
    whole, part = tiling(images), tiling(images[:, step:, step:])
    inner = slice(reach * scale, -reach * scale)
    moved = whole[:, step * scale :, step * scale :]
    np.testing.assert_allclose(part[:, inner, inner], moved[:, inner, inner], atol=1e-5)


@pytest.mark.parametrize(("name", "step", "scale"), [("lecture", 8, 1), ("lecture, doubling", 4, 2), ("u-net", 4, 1)])
def test_steps_by_hand(name, step, scale):
    """The lecture's network pools three times, or twice before doubling; this U-Net twice."""
    tiling = Tiling.of(network(*NETWORKS[name]))
    assert (tiling.step, tiling.scale) == (step, scale)


def test_a_normal_code_of_features_is_no_hindrance():
    assert Tiling.of(network(*NETWORKS["lecture"], Gaussian())) is not None


def test_networks_of_one_size_alone():
    dense = network(Dense([4]), (28, 28, 1), (28, 28, 1))
    flat_code = autoencoder(CONV, Deterministic(), 5, (28, 28, 1), (28, 28, 1))
    assert Tiling.of(dense) is Tiling.of(flat_code) is None


def test_layers_keep_their_weights(model):
    before = [weight.numpy() for weight in model.weights]
    Tiling.of(model)(random(1, 40, 40, model.encoder.inputs[0].shape[3]))
    for weight, value in zip(model.weights, before, strict=True):
        np.testing.assert_array_equal(weight, value)
    assert isinstance(model, keras.Model)
