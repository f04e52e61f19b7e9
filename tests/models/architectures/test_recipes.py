"""The networks of the recipes layer by layer: kernel shapes computed by hand."""

import keras
import pytest

from aeexp.models.architectures.conv import Conv
from aeexp.models.architectures.dense import Dense
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian

CONV = Conv(stem_filters=16, filters=8, code_size=4)


def kernels(model: keras.Model) -> list[tuple[int, ...]]:
    return [tuple(weight.shape) for weight in model.weights if weight.name == "kernel"]


def kinds(model: keras.Model) -> list[str]:
    return [type(layer).__name__ for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]


def test_encoder_of_the_autoencoder():
    encoder = CONV.encoder((28, 28, 1))
    assert kinds(encoder) == ["Conv2D", "MaxPooling2D"] * 3
    assert kernels(encoder) == [(3, 3, 1, 16), (3, 3, 16, 8), (3, 3, 8, 8)]
    assert encoder.output.shape == (None, 4, 4, 8)


def test_encoder_of_super_resolution():
    encoder = CONV.encoder((14, 14, 1))
    assert kinds(encoder) == ["Conv2D", "MaxPooling2D"] * 2
    assert kernels(encoder) == [(3, 3, 1, 16), (3, 3, 16, 8)]
    assert encoder.output.shape == (None, 4, 4, 8)


def test_decoder():
    decoder = CONV.decoder((4, 4, 8), (28, 28, 1))
    assert kinds(decoder) == ["Conv2D", "UpSampling2D"] * 3 + ["Conv2D"]
    assert kernels(decoder) == [(3, 3, 8, 8), (3, 3, 8, 8), (3, 3, 8, 16), (3, 3, 16, 1)]
    convolutions = [layer for layer in decoder.layers if isinstance(layer, keras.layers.Conv2D)]
    assert [layer.padding for layer in convolutions] == ["same", "same", "valid", "same"]
    assert [layer.activation.__name__ for layer in convolutions] == ["relu", "relu", "relu", "sigmoid"]


@pytest.mark.parametrize(("side", "encoder_weights"), [(28, 160 + 1160 + 584), (14, 160 + 1160)])
def test_weights_of_the_convolutional_networks(side, encoder_weights):
    assert CONV.encoder((side, side, 1)).count_params() == encoder_weights
    assert CONV.decoder((4, 4, 8), (28, 28, 1)).count_params() == 584 + 584 + 1168 + 145


def test_without_a_latent_dim_the_bottleneck_adds_no_weight():
    features = keras.Input((4, 4, 8))
    assert Deterministic().parameters(features, None)["latent"] is features


def test_variational_network():
    body = Dense([512]).encoder((28, 28, 1))
    encoder = keras.Model(body.inputs, Gaussian().parameters(body.output, 2))
    decoder = Dense([512]).decoder((2,), (28, 28, 1))
    assert sorted(kernels(encoder)) == [(512, 2), (512, 2), (784, 512)]
    assert kernels(decoder) == [(2, 512), (512, 784)]
    assert encoder.count_params() == 784 * 512 + 512 + 2 * (512 * 2 + 2)
    assert decoder.count_params() == 2 * 512 + 512 + 512 * 784 + 784


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (45, 28, 1), (96, 128, 3)])
@pytest.mark.parametrize("latent_dim", [None, 5])
def test_the_convolutional_network_fits_any_size(shape, latent_dim):
    encoder = CONV.encoder(shape)
    code_shape = encoder.output.shape[1:] if latent_dim is None else (latent_dim,)
    assert max(encoder.output.shape[1:3]) <= 4
    assert CONV.decoder(code_shape, shape).output.shape == (None, *shape)
