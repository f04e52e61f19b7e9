"""Integrals of the von Mises-Fisher distribution on the unit sphere, by which Bessel functions are computed stably.

With m numbers in a point of the sphere and v = m/2 − 1, the modified Bessel function of the first kind is
I_v(κ) = (κ/2)^v / (√π·Γ(v + ½)) · ∫ exp(κ·cos θ)·sin^(m−2) θ dθ over θ from 0 to π (Digital Library of Mathematical
Functions, 10.32.2). The integrand is smooth with a single peak, so that few nodes around it are enough; the scaled
integral Z(κ) = ∫ exp(κ·(cos θ − 1))·sin^(m−2) θ dθ does not overflow. Its logarithm has the derivative A(κ) − 1, where
A(κ) = I_(v+1)(κ) / I_v(κ) is the mean of cos θ.
"""

import math

import numpy as np
import tensorflow as tf

NODES = 128
"""Of the Gauss-Legendre quadrature."""

REACH = 10.0
"""Standard deviations of the integrand on either side of its peak that are integrated over."""


def log_integral(concentration: tf.Tensor, size: int) -> tf.Tensor:
    """log Z(κ) of κ ≥ 0 [...], with its gradient.

    Args:
        concentration: κ.
        size: m, at least 2.
    """
    return tf.reduce_logsumexp(_log_parts(concentration, size)[0], -1)


def one_minus_mean_cosine(concentration: tf.Tensor, size: int) -> tf.Tensor:
    """1 − A(κ) = 1 − I_(m/2)(κ) / I_(m/2−1)(κ), which does not cancel where κ is large."""
    parts, one_minus_cosine = _log_parts(concentration, size)
    return tf.reduce_sum(tf.nn.softmax(parts, -1) * one_minus_cosine, -1)


def log_bessel(concentration: tf.Tensor, size: int) -> tf.Tensor:
    """log(exp(−κ)·I_(m/2−1)(κ)), the logarithm of `scipy.special.ive`."""
    order = size / 2 - 1
    factor = 0.5 * math.log(math.pi) + math.lgamma(order + 0.5)
    return order * tf.math.log(concentration / 2) - factor + log_integral(concentration, size)


def divergence_from_uniform(concentration: tf.Tensor, size: int) -> tf.Tensor:
    """KL of the von Mises-Fisher distribution from the uniform one, κ·(A − 1) − log Z(κ) + log Z(0), in nats."""
    of_uniform = math.lgamma((size - 1) / 2) + 0.5 * math.log(math.pi) - math.lgamma(size / 2)
    shrunk = concentration * one_minus_mean_cosine(concentration, size)
    return of_uniform - shrunk - log_integral(concentration, size)


def log_area(size: int) -> float:
    """Log of the area of the unit sphere of points of m numbers, 2·π^(m/2) / Γ(m/2)."""
    return math.log(2) + size / 2 * math.log(math.pi) - math.lgamma(size / 2)


def slope_of_cosine(concentration: tf.Tensor, one_minus: tf.Tensor, size: int) -> tf.Tensor:
    """∂w/∂κ of w = cos θ at a fixed value F(w; κ) of its distribution function, −(∂F/∂κ) / f(w).

    Here ∫ (cos t − A)·exp(κ·(cos t − w))·(sin t / sin θ)^(m−3)·sin t dt over t from 0 to θ. Where samples of w are
    given this gradient, its mean is that of all smooth functions of w (Figurnov, Mohamed and Mnih, "Implicit
    Reparameterization Gradients", 2018).

    Args:
        one_minus: 1 − w [...].
    """
    angle = 2 * tf.asin(tf.sqrt(tf.clip_by_value(one_minus / 2, 1e-12, 1.0)))[..., tf.newaxis]
    places, weights = _legendre()
    theta = angle * (1 + places) / 2
    parts = (size - 2) * _log_sine(theta) - (size - 3) * _log_sine(angle)
    one_minus_cosine = _one_minus_cosine(theta)
    kappa, mean = concentration[..., tf.newaxis], one_minus_mean_cosine(concentration, size)[..., tf.newaxis]
    integrand = (mean - one_minus_cosine) * tf.exp(
        kappa * (2 * tf.square(tf.sin(angle / 2)) - one_minus_cosine) + parts
    )
    return tf.reduce_sum(weights * integrand * angle / 2, -1)


def _log_parts(concentration: tf.Tensor, size: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Logarithms of the terms of a quadrature of Z(κ), and 1 − cos θ at its nodes, [..., NODES]."""
    kappa = tf.stop_gradient(concentration)[..., tf.newaxis]
    half = (size - 2) / 2
    cosine = kappa / (half + tf.sqrt(half**2 + tf.square(kappa)) + 1e-12)  # κ·sin² θ = (m − 2)·cos θ at the peak
    sines = tf.maximum(1 - tf.square(cosine), 1e-6)
    reach = REACH / tf.sqrt(kappa * cosine + (size - 2) / sines + 1.0)
    low, high = tf.maximum(tf.acos(cosine) - reach, 0.0), tf.minimum(tf.acos(cosine) + reach, math.pi)
    places, weights = _legendre()
    theta = low + (high - low) * (1 + places) / 2
    one_minus_cosine = _one_minus_cosine(theta)
    constant = (size - 2) * _log_sine(theta) + tf.math.log(weights * (high - low) / 2)
    return constant - concentration[..., tf.newaxis] * one_minus_cosine, one_minus_cosine


def _legendre() -> tuple[tf.Tensor, tf.Tensor]:
    places, weights = np.polynomial.legendre.leggauss(NODES)
    return tf.constant(places, tf.float32), tf.constant(weights, tf.float32)


def _one_minus_cosine(theta: tf.Tensor) -> tf.Tensor:
    return 2 * tf.square(tf.sin(theta / 2))


def _log_sine(theta: tf.Tensor) -> tf.Tensor:
    return tf.math.log(tf.maximum(tf.sin(theta), 1e-12))
