"""Too little light."""

import math
from dataclasses import dataclass
from typing import ClassVar

import tensorflow as tf

from aeexp.corruptions.corruption import Corruption
from aeexp.errors import ConfigError
from aeexp.runtime.random import uniform
from aeexp.types import Shape

FEW = 10.0
"""Photons up to which they are counted one by one."""

MOST = 30
"""More are received once in ten million times where `FEW` are expected."""


@dataclass(frozen=True)
class Poisson(Corruption):
    """Counts photons: Poisson(peak · image) / peak, clipped to [0, 1]; the noise of a pixel grows with its light.

    The counts are inverse distribution functions of uniform draws, exact up to `FEW` expected photons. Above, they
    follow the asymptotic expansion of Giles, "Algorithm 955: Approximation of the Inverse Poisson Cumulative
    Distribution Function", ACM Transactions on Mathematical Software 42(1), 2016; one draw in 1,800 or fewer then
    differs from the exact count, by one.

    Args:
        peak: photons that a white pixel receives on average, above 0; fewer make more noise.
    """

    strength: ClassVar[str | None] = "peak"

    peak: float

    def __post_init__(self) -> None:
        if not 0 < self.peak < math.inf:
            raise ConfigError(f"`peak` must be a finite number above 0 photons. Received peak={self.peak}.")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        photons, draws = self.peak * images, uniform(seeds, tuple(images.shape[1:]))
        counts = _count_one_by_one(tf.minimum(photons, FEW), draws)
        if self.peak > FEW:
            counts = tf.where(photons > FEW, _expand(tf.maximum(photons, FEW), draws), counts)
        return tf.clip_by_value(counts / self.peak, 0.0, 1.0)


def _count_one_by_one(expected: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
    """The smallest count whose cumulative probability reaches the draw."""
    draws = tf.minimum(draws, 1.0 - 2.0**-20)  # rounding may keep the sum from reaching more
    probability = cumulated = tf.exp(-expected)
    counts = tf.zeros_like(expected)
    for count in range(1, MOST + 1):
        counts += tf.cast(draws > cumulated, tf.float32)
        probability *= expected / count
        cumulated += probability
    return counts


def _expand(expected: tf.Tensor, draws: tf.Tensor) -> tf.Tensor:
    w = math.sqrt(2.0) * tf.math.erfinv(2.0 * draws - 1.0)
    root = tf.sqrt(expected)
    return tf.floor(expected + root * w + (2 + w**2) / 6 - (2 * w + w**3) / (72 * root))
