"""What is fast is the same function: its values, its gradients, its weights."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.fast_conv import FusedConv2D, convolve, fuse_convolutions, interleave
from aeexp.runtime.sharding import map_shards
from tests.support.evaluations import autoencoder

ARCHITECTURES = sorted((Path(__file__).parents[2] / "conf" / "model" / "architecture").glob("*.yaml"))


def random(*shape: int, seed: int = 0) -> tf.Tensor:
    return tf.random.stateless_normal(shape, [seed, 0])


def as_decoder(*stack: layers.Layer, shape: tuple[int, ...]) -> Autoencoder:
    """An autoencoder whose decoder is a stack of layers, with biases other than 0."""
    images = keras.Input(shape)
    nothing = keras.Model(images, {"latent": layers.Identity()(images)})
    code = results = keras.Input(shape)
    for layer in stack:
        results = layer(results)
    decoder = keras.Model(code, results)
    for number, weight in enumerate(decoder.weights):
        weight.assign(random(*weight.shape, seed=number))
    return Autoencoder(nothing, Deterministic(), decoder)


def assert_same_function(model: keras.Model, fast: keras.Model, images: tf.Tensor, tolerance: float = 1e-5) -> None:
    """Values, and the gradients of a random sum of them in the images and all weights, relative to the largest."""
    values, gradients = [], []
    for each in (model, fast):
        with tf.GradientTape() as tape:
            tape.watch(images)
            values.append(each(images))
        weighting = random(*values[0].shape, seed=9)
        gradients.append(tape.gradient(values[-1], [images, *model.trainable_variables], weighting))
    for plain, other in zip([values[0], *gradients[0]], [values[1], *gradients[1]], strict=True):
        np.testing.assert_allclose(other, plain, rtol=0, atol=tolerance * float(tf.reduce_max(tf.abs(plain))))


def fast_layers(model: Autoencoder) -> list[FusedConv2D]:
    return [layer for layer in model.decoder.layers if isinstance(layer, FusedConv2D)]


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("size", [(4, 4), (7, 7), (5, 8), (14, 3)])
@pytest.mark.parametrize(("channels", "filters"), [(16, 1), (3, 8), (4, 4)])
def test_upsampled_convolution(padding, size, channels, filters):
    model = as_decoder(
        layers.UpSampling2D(2),
        layers.Conv2D(filters, 3, padding=padding, activation="sigmoid"),
        shape=(*size, channels),
    )
    fast = fuse_convolutions(model)
    assert len(fast_layers(fast)) == 1
    assert not any(isinstance(layer, layers.UpSampling2D) for layer in fast.decoder.layers)
    assert fast.decoder.output_shape == model.decoder.output_shape
    assert_same_function(model.decoder, fast.decoder, random(3, *size, channels))


@pytest.mark.parametrize(
    ("factor", "kernel", "padding"),
    [(2, 1, "same"), (2, 5, "same"), (3, 3, "same"), (4, (3, 5), "same"), (2, 5, "valid")],
)
def test_other_factors_and_kernels(factor, kernel, padding):
    model = as_decoder(
        layers.UpSampling2D(factor), layers.Conv2D(2, kernel, padding=padding, use_bias=False), shape=(5, 6, 3)
    )
    fast = fuse_convolutions(model)
    assert fast_layers(fast)[0].factor == factor
    assert_same_function(model.decoder, fast.decoder, random(2, 5, 6, 3))


@pytest.mark.parametrize("activation", ["relu", "linear"])
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("size", [(6, 6), (7, 5)])
def test_pooled_convolution(activation, padding, size):
    model = as_decoder(
        layers.Conv2D(4, 3, activation=activation, padding="same"),
        layers.MaxPooling2D(2, padding=padding),
        shape=(*size, 2),
    )
    fast = fuse_convolutions(model)
    assert len(fast_layers(fast)) == len(fast.decoder.layers) - 1
    assert_same_function(model.decoder, fast.decoder, random(3, *size, 2))


OTHERS = {
    "bilinear": lambda: [layers.UpSampling2D(2, interpolation="bilinear"), layers.Conv2D(2, 3)],
    "oblong": lambda: [layers.UpSampling2D((2, 1)), layers.Conv2D(2, 3)],
    "cut pixels": lambda: [layers.UpSampling2D(3), layers.Conv2D(2, 5, padding="valid"), layers.MaxPooling2D(2)],
    "even kernel": lambda: [layers.UpSampling2D(2), layers.Conv2D(2, 2, padding="same")],
    "strides": lambda: [layers.UpSampling2D(2), layers.Conv2D(2, 3, strides=2)],
    "dilation": lambda: [layers.UpSampling2D(2), layers.Conv2D(2, 3, dilation_rate=2)],
    "groups": lambda: [layers.Conv2D(4, 3, groups=2), layers.MaxPooling2D(2)],
    "tanh": lambda: [layers.Conv2D(2, 3, activation="tanh"), layers.MaxPooling2D(2)],
    "layer between": lambda: [layers.Conv2D(2, 3), layers.LayerNormalization(), layers.MaxPooling2D(2)],
    "average": lambda: [layers.Conv2D(2, 3), layers.AveragePooling2D(2)],
    "transposed": lambda: [layers.UpSampling2D(2), layers.Conv2DTranspose(2, 3, strides=2)],
    "separable": lambda: [layers.UpSampling2D(2), layers.SeparableConv2D(2, 3)],
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_does_not_fit_stays_the_same_function(name):
    model = as_decoder(*OTHERS[name](), shape=(8, 8, 4))
    assert_same_function(model.decoder, fuse_convolutions(model).decoder, random(2, 8, 8, 4))


@pytest.mark.parametrize("join", [layers.Concatenate(), keras.ops.concatenate], ids=["layer", "operation"])
def test_a_result_used_twice_is_computed_once(join):
    images = keras.Input((8, 8, 2))
    features = layers.Conv2D(3, 3, padding="same")(images)
    halves = layers.UpSampling2D(2)(layers.MaxPooling2D(2)(features))
    decoder = keras.Model(images, join([features, halves]))
    model = Autoencoder(as_decoder(shape=(8, 8, 2)).encoder, Deterministic(), decoder)
    fast = fuse_convolutions(model)
    assert len(fast_layers(fast)) == 1
    assert_same_function(decoder, fast.decoder, random(2, 8, 8, 2))


@pytest.mark.parametrize("path", ARCHITECTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize("shape", [(28, 28, 1), (9, 14, 3)])
def test_every_architecture(path, shape):
    architecture = instantiate(OmegaConf.load(path), "model.architecture", Architecture)
    model = autoencoder(architecture, Deterministic(), None, shape, shape)
    fast = fuse_convolutions(model)
    images = tf.random.stateless_uniform((2, *shape), [0, 0])
    for name, values in model(images).items():
        np.testing.assert_allclose(fast(images)[name], values, atol=1e-5)
    assert {id(weight) for weight in fast.weights} == {id(weight) for weight in model.weights}


def test_the_original_stays_as_it_is():
    model = as_decoder(layers.UpSampling2D(2), layers.Conv2D(1, 3), layers.MaxPooling2D(2), shape=(4, 4, 2))
    names = [layer.name for layer in model.decoder.layers]
    fuse_convolutions(model)
    again = fuse_convolutions(model)
    assert [layer.name for layer in model.decoder.layers] == names
    assert_same_function(model.decoder, again.decoder, random(2, 4, 4, 2))


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize(("channels", "filters"), [(1, 5), (5, 1)])
@pytest.mark.parametrize("kernel", [(3, 3), (1, 5)])
def test_convolve_is_conv2d(padding, channels, filters, kernel):
    images, weights = random(3, 9, 8, channels), random(*kernel, channels, filters, seed=1)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([images, weights])
        fast, plain = convolve(images, weights, padding), tf.nn.conv2d(images, weights, 1, padding)
    np.testing.assert_array_equal(fast, plain)
    above = random(*plain.shape, seed=2)
    for source in (images, weights):
        np.testing.assert_allclose(
            tape.gradient(fast, source, above), tape.gradient(plain, source, above), rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("count", [1, 3, 4, 11])
def test_shards_join_in_order(count):
    joined = map_shards(lambda indices: {"same": indices, "double": 2 * indices}, tf.range(count))
    assert joined["same"].numpy().tolist() == list(range(count))
    assert joined["double"].numpy().tolist() == list(range(0, 2 * count, 2))


@pytest.mark.parametrize(
    ("size", "factor", "channels"), [((14, 14), 2, 1), ((3, 5), 2, 8), ((4, 2), 3, 2), ((1, 1), 4, 3)]
)
def test_interleave_is_depth_to_space(size, factor, channels):
    images = random(2, *size, factor**2 * channels)
    np.testing.assert_array_equal(interleave(images, factor), tf.nn.depth_to_space(images, factor))
