"""Integrals on the sphere against the Bessel functions of SciPy, their gradients against the formulas."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import special

from aeexp.models import sphere_integrals

KAPPA = np.array([1e-3, 0.1, 1, 3, 10, 50, 300, 2000, 1e4])
GIVEN = tf.constant(KAPPA, tf.float32)
SIZES = (2, 3, 4, 5, 10, 40)


def mean_cosine(size: int) -> np.ndarray:
    return special.ive(size / 2, KAPPA) / special.ive(size / 2 - 1, KAPPA)


@pytest.mark.parametrize("size", SIZES)
def test_logarithm_of_the_bessel_function(size):
    found = sphere_integrals.log_bessel(GIVEN, size)
    np.testing.assert_allclose(found, np.log(special.ive(size / 2 - 1, KAPPA)), rtol=1e-6, atol=2e-5)


def test_orders_that_underflow_elsewhere():
    """Of a small κ, I_v(κ) is (κ/2)^v / Γ(v + 1) in its first term."""
    found = float(sphere_integrals.log_bessel(tf.constant(0.01), 256))
    assert found == pytest.approx(127 * np.log(0.005) - special.gammaln(128) - 0.01, rel=1e-6)


@pytest.mark.parametrize("size", SIZES)
def test_mean_cosine_is_the_ratio_of_two_of_them_and_the_derivative_of_the_integral(size):
    with tf.GradientTape() as tape:
        tape.watch(GIVEN)
        value = sphere_integrals.log_integral(GIVEN, size)
    expected = 1 - mean_cosine(size)
    np.testing.assert_allclose(sphere_integrals.one_minus_mean_cosine(GIVEN, size), expected, rtol=1e-6)
    np.testing.assert_allclose(-tape.gradient(value, GIVEN), expected, rtol=1e-6)


@pytest.mark.parametrize("size", SIZES)
def test_divergence_from_uniform_and_its_gradient(size):
    """κ·A + log C(κ) + log area, with C the constant of the density; its derivative is κ·(1 − A² − (m − 1)·A/κ)."""
    order, mean = size / 2 - 1, mean_cosine(size)
    log_constant = order * np.log(KAPPA) - size / 2 * np.log(2 * np.pi) - np.log(special.ive(order, KAPPA)) - KAPPA
    expected = KAPPA * mean + log_constant + sphere_integrals.log_area(size)
    with tf.GradientTape() as tape:
        tape.watch(GIVEN)
        value = sphere_integrals.divergence_from_uniform(GIVEN, size)
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=2e-5)
    slope = KAPPA * (1 - mean**2 - (size - 1) / KAPPA * mean)
    np.testing.assert_allclose(tape.gradient(value, GIVEN), slope, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("size", "area"), [(1, 2), (2, 2 * np.pi), (3, 4 * np.pi), (4, 2 * np.pi**2)])
def test_areas(size, area):
    assert np.exp(sphere_integrals.log_area(size)) == pytest.approx(area)


def test_slope_of_a_sample_in_three_dimensions_in_closed_form():
    """There F(w) = (exp(κ·w) − exp(−κ)) / (exp(κ) − exp(−κ)), and w follows from a fixed F by one logarithm."""
    cosine, kappa, step = np.array([-0.9, -0.3, 0.2, 0.8, 0.99]), 3.0, 1e-5
    level = (np.exp(kappa * cosine) - np.exp(-kappa)) / (2 * np.sinh(kappa))

    def quantile(kappa: float) -> np.ndarray:
        return np.log(level * 2 * np.sinh(kappa) + np.exp(-kappa)) / kappa

    expected = (quantile(kappa + step) - quantile(kappa - step)) / (2 * step)
    found = sphere_integrals.slope_of_cosine(tf.fill([5], 3.0), tf.constant(1 - cosine, tf.float32), 3)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
