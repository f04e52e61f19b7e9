"""Poisson (shot) noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from aeexp.corruptions.corruption import Bounds, Corruption
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import uniform
from aeexp.types import Shape

EXACT_BELOW = 10.0
"""Expected count up to which the inverse distribution function is summed exactly."""

MAX_COUNT = 30
"""Largest count of the exact sum; exceeded with probability 1e-7 at an expected count of `EXACT_BELOW`."""


DARKEST, BRIGHTEST = 1e-3, 1e30
"""Photons of a white pixel below which practically every image is black, and beyond which 32 bits hold no count."""


@dataclass(frozen=True)
class Poisson(Corruption):
    """Poisson (shot) noise: Poisson(peak · image) / peak, clipped to [0, 1]; its variance grows with brightness.

    Counts are drawn by inverse transform sampling from uniform draws, exactly up to `EXACT_BELOW` expected photons.
    Above, the inverse follows the asymptotic expansion of Giles, "Algorithm 955: Approximation of the Inverse Poisson
    Cumulative Distribution Function", ACM Transactions on Mathematical Software 42(1), 2016; at most one draw in 1,800
    then differs from the exact count, by one.

    Args:
        peak: mean photon count of a white pixel, above 0; lower means more noise.
    """

    strength: ClassVar[str | None] = "peak"
    strength_bounds: ClassVar[Bounds] = (DARKEST, BRIGHTEST)

    peak: float

    def __post_init__(self) -> None:
        if not 0 < self.peak <= BRIGHTEST:
            raise ConfigError(
                f"`peak` must be above 0 and at most {BRIGHTEST:g} photons. Received peak={self.peak}; use, for "
                "example, peak=30."
            )

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        photons, draws = self.peak * images, uniform(seeds, tuple(images.shape[1:]))
        counts = _exact_inverse_cdf(tf.minimum(photons, EXACT_BELOW), draws)
        if self.peak > EXACT_BELOW:
            approximate = _approximate_inverse_cdf(tf.maximum(photons, EXACT_BELOW), draws)
            counts = tf.where(photons > EXACT_BELOW, approximate, counts)
        return tf.clip_by_value(counts / self.peak, 0.0, 1.0)


def _exact_inverse_cdf(expected: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
    """The smallest count whose cumulative probability reaches the draw."""
    draws = tf.minimum(draws, 1.0 - 2.0**-20)  # the cumulative sum may round to less than a larger draw
    probability = cumulative = tf.exp(-expected)
    counts = tf.zeros_like(expected)
    for count in range(1, MAX_COUNT + 1):
        counts += tf.cast(draws > cumulative, tf.float32)
        probability *= expected / count
        cumulative += probability
    return counts


def _approximate_inverse_cdf(expected: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
    """The first terms of Giles' asymptotic expansion."""
    w = math.sqrt(2.0) * tf.math.erfinv(2.0 * draws - 1.0)
    root = tf.sqrt(expected)
    return tf.floor(expected + root * w + (2 + w**2) / 6 - (2 * w + w**3) / (72 * root))
