"""The continuous Bernoulli likelihood: a density for every parameter, also near one half."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate

from aeexp.losses.bce import Bce
from aeexp.losses.continuous_bernoulli import ContinuousBernoulli

LOSS = ContinuousBernoulli(weight=1.0)
PARAMETERS = [0.0, 1e-4, 0.1, 0.4499, 0.4501, 0.499, 0.5 - 1e-7, 0.5, 0.5 + 1e-6, 0.55, 0.9, 0.9999, 1.0]


def value(pixel: float, parameter: float) -> float:
    return float(LOSS(tf.fill((1, 1, 1, 1), pixel), {"reconstruction": tf.fill((1, 1, 1, 1), parameter)})[0])


def normalizer(parameter: float) -> float:
    """1 / ∫ λᵗ·(1 − λ)¹⁻ᵗ dt."""
    return 1 / integrate.quad(lambda t: parameter**t * (1 - parameter) ** (1 - t), 0, 1)[0]


@pytest.mark.parametrize("parameter", PARAMETERS)
@pytest.mark.parametrize("pixel", [0.0, 0.3, 1.0])
def test_is_the_normalized_binary_cross_entropy(parameter, pixel):
    clipped = float(np.clip(np.float32(parameter), np.float32(1e-7), np.float32(1 - 1e-7)))
    expected = -pixel * np.log(clipped) - (1 - pixel) * np.log(1 - clipped) - np.log(normalizer(clipped))
    assert value(pixel, parameter) == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_a_gray_of_one_half_has_the_uniform_density():
    assert value(0.7, 0.5) == pytest.approx(0, abs=1e-6)


def test_pixels_are_summed():
    targets = tf.random.stateless_uniform((2, 3, 3, 1), [0, 0])
    outputs = {"reconstruction": tf.fill((2, 3, 3, 1), 0.5)}
    np.testing.assert_allclose(LOSS(targets, outputs), Bce(weight=1.0)(targets, outputs) - 9 * np.log(2), atol=1e-5)


@pytest.mark.parametrize("parameter", PARAMETERS[1:-1])
def test_the_gradient_is_that_of_the_mean(parameter):
    """By λ it is (mean − pixel) / (λ·(1 − λ)), as of every exponential family."""
    parameters = tf.fill((1, 1, 1, 1), parameter)
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        loss = LOSS(tf.fill((1, 1, 1, 1), 0.25), {"reconstruction": parameters})
    mean, _ = integrate.quad(lambda t: t * parameter**t * (1 - parameter) ** (1 - t), 0, 1)
    expected = (mean * normalizer(parameter) - 0.25) / (parameter * (1 - parameter))
    assert float(tape.gradient(loss, parameters)[0, 0, 0, 0]) == pytest.approx(expected, rel=1e-3, abs=1e-4)
