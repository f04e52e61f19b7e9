"""The log variance of a Gaussian code: no value of it overflows, and ordinary ones are not changed."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.priors.standard_normal import StandardNormal
from aeexp.runtime.precision import built_in_precision
from aeexp.runtime.random import image_seeds


def encoder(precision: str, scale: float) -> keras.Model:
    """From two numbers to a code: the mean 0, and a log variance of `scale` times their sum."""
    with built_in_precision(precision):
        features = keras.Input((2,))
        model = keras.Model(features, Gaussian().parameters(features, 3))
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([np.full((2, 3), scale * (layer.name == "log_variance")), np.zeros(3)])
    return model


def sampled(precision: str, scale: float) -> tuple[dict[str, tf.Tensor], tf.Tensor, tf.Tensor]:
    """Parameters, KL divergence, and the gradient of the codes and the divergence by the features."""
    bottleneck, prior, model = Gaussian(), StandardNormal(), encoder(precision, scale)
    features = tf.constant([[1.0, 1.0], [-1.0, -1.0]])
    with tf.GradientTape() as tape:
        tape.watch(features)
        parameters = {name: tf.cast(values, tf.float32) for name, values in model(features).items()}
        latent = bottleneck.sample(parameters, image_seeds(0, 0, tf.range(2)))
        log_posterior = bottleneck.log_prob(parameters, latent)
        divergence = prior.kl(parameters, latent, log_posterior)
        total = tf.reduce_sum(latent) + tf.reduce_sum(divergence) + tf.reduce_sum(log_posterior)
    return parameters, divergence, tape.gradient(total, features)


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("scale", [20.0, 100.0, 1e6, 1e30])
def test_nothing_overflows(precision, scale):
    parameters, divergence, gradient = sampled(precision, scale)
    for values in (*parameters.values(), divergence, gradient):
        assert np.isfinite(values).all()


def test_ordinary_values_are_as_they_were_computed():
    parameters, _, gradient = sampled("float32", 1.25)
    np.testing.assert_array_equal(parameters["log_variance"], [[2.5] * 3, [-2.5] * 3])
    assert np.all(gradient != 0)
