"""Fully convolutional inference on images of any size."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from aeexp.inference import tiling
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
    "conv": (CONV, (28, 28, 1), (28, 28, 1)),
    "doubling conv": (CONV, (14, 14, 1), (28, 28, 1)),
    "cropped": (CONV, (45, 33, 3), (45, 33, 3)),
    "u-net": (Unet([4, 6, 8]), (28, 28, 1), (28, 28, 1)),
    "padded u-net": (Unet([4, 6, 8]), (30, 27, 1), (30, 27, 1)),
    "residual": (Residual(filters=4, blocks=2), (14, 14, 3), (28, 28, 3)),
}


def network(
    architecture: Architecture, inputs: Shape, outputs: Shape, bottleneck: Bottleneck | None = None
) -> Autoencoder:
    """A network whose weights are all nonzero, so that its output depends on all of its input."""
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


def test_an_image_of_the_trained_size_needs_no_tiling(model):
    images = random(2, *model.encoder.inputs[0].shape[1:])
    np.testing.assert_allclose(Tiling.from_model(model)(images), model(images)["reconstruction"], atol=1e-6)


def test_tiles_give_the_same_result_as_the_whole_image(model):
    tiling = Tiling.from_model(model)
    images = random(1, 110, 150, model.encoder.inputs[0].shape[3])
    whole = tiling(images)
    assert whole.std() > 1e-3
    np.testing.assert_allclose(replace(tiling, core=32)(images), whole, atol=1e-6)


def test_bands_give_the_same_result_as_the_whole_image(model):
    """To the last bit, and no band asks for more than the rows of its tiles."""
    small = replace(Tiling.from_model(model), core=32)
    images, asked = random(1, 250, 50, model.encoder.inputs[0].shape[3]), []

    def rows(top: int, bottom: int) -> np.ndarray:
        asked.append(bottom - top)
        return images[:, top:bottom]

    bands = [*small.bands(rows, images.shape)]
    np.testing.assert_array_equal(np.concatenate(bands, axis=1), small(images))
    assert len(bands) == len(asked) > 1
    assert max(asked) < 250


def test_a_graph_gives_the_same_result_as_the_layers(model, monkeypatch):
    """To the last bit."""
    images = random(1, 60, 70, model.encoder.inputs[0].shape[3])
    results = []
    for pixels in (0, 10**9):
        monkeypatch.setattr(tiling, "GRAPH_PIXELS", pixels)
        tiling._restoration.cache_clear()
        results.append(Tiling.from_model(model)(images))
    np.testing.assert_array_equal(*results)


def test_large_images_are_restored_one_by_one(model, monkeypatch):
    images = random(3, 60, 70, model.encoder.inputs[0].shape[3])
    together = Tiling.from_model(model)(images)
    monkeypatch.setattr(tiling, "TOGETHER_PIXELS", 1000)
    np.testing.assert_allclose(Tiling.from_model(model)(images), together, atol=1e-6)


def test_a_smaller_receptive_field_would_leave_seams(model):
    """The bound is not much too large: with a third of it the result differs at the seams."""
    tiling = Tiling.from_model(model)
    images = random(1, 110, 150, model.encoder.inputs[0].shape[3])
    near = replace(tiling, core=32, receptive_radius=tiling.receptive_radius // 3)(images)
    assert np.abs(near - tiling(images)).max() > 1e-5


@pytest.mark.parametrize("size", [(1, 1), (5, 90), (28, 28), (29, 30), (64, 47)])
def test_any_size(model, size):
    tiling = Tiling.from_model(model)
    restored = tiling(random(1, *size, model.encoder.inputs[0].shape[3]))
    assert restored.shape == (1, tiling.scale * size[0], tiling.scale * size[1], model.decoder.output.shape[3])
    assert np.isfinite(restored).all()


def test_far_from_the_border_a_shifted_image_gives_a_shifted_result(model):
    """Padding has no effect far from the border, and the grids stay aligned."""
    tiling = Tiling.from_model(model)
    step, margin, scale = tiling.step, tiling.receptive_radius + tiling.step, tiling.scale
    images = random(1, 2 * margin + 30, 2 * margin + 40, model.encoder.inputs[0].shape[3])
    whole, part = tiling(images), tiling(images[:, step:, step:])
    inner = slice(margin * scale, -margin * scale)
    moved = whole[:, step * scale :, step * scale :]
    np.testing.assert_allclose(part[:, inner, inner], moved[:, inner, inner], atol=1e-5)


@pytest.mark.parametrize(("name", "step", "scale"), [("conv", 8, 1), ("doubling conv", 4, 2), ("u-net", 4, 1)])
def test_steps_by_hand(name, step, scale):
    """The convolutional network pools three times, or twice before doubling; this U-Net twice."""
    tiling = Tiling.from_model(network(*NETWORKS[name]))
    assert (tiling.step, tiling.scale) == (step, scale)


def test_a_gaussian_bottleneck_can_be_tiled():
    assert Tiling.from_model(network(*NETWORKS["conv"], Gaussian())) is not None


def test_networks_of_a_single_size():
    dense = network(Dense([4]), (28, 28, 1), (28, 28, 1))
    flat_code = autoencoder(CONV, Deterministic(), 5, (28, 28, 1), (28, 28, 1))
    assert Tiling.from_model(dense) is Tiling.from_model(flat_code) is None


def test_layers_keep_their_weights(model):
    before = [weight.numpy() for weight in model.weights]
    Tiling.from_model(model)(random(1, 40, 40, model.encoder.inputs[0].shape[3]))
    for weight, value in zip(model.weights, before, strict=True):
        np.testing.assert_array_equal(weight, value)
    assert isinstance(model, keras.Model)
