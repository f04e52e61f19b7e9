"""Gaussian blur."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.corruptions.corruption import Corruption
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.types import Shape

TRUNCATE = 4
"""Radius of the kernel in standard deviations."""

MAX_STD = 10
"""Standard deviation in longer sides of the image."""


@dataclass(frozen=True)
class Blur(Corruption):
    """Gaussian blur; pixels beyond the border repeat the border. Equal to `skimage.filters.gaussian`.

    Args:
        std: standard deviation of the kernel in pixels, at least 0.
    """

    strength: ClassVar[str | None] = "std"

    std: float

    def __post_init__(self) -> None:
        if not 0 <= self.std < math.inf:
            raise ConfigError(f"`std` must be a finite number of at least 0 pixels. Received std={self.std}.")

    def output_shape(self, shape: Shape) -> Shape:
        largest = MAX_STD * max(shape[:2])
        if self.std > largest:
            raise ConfigError(
                f"`std` must be at most {MAX_STD} times the longer side of the image, beyond which nothing but the "
                f"border is left: {largest} pixels. Received std={self.std}."
            )
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        height, width = images.shape[1:3]
        blurred = tf.einsum("yr,nrsc,xs->nyxc", self._matrix(height), images, self._matrix(width))
        return tf.clip_by_value(blurred, 0.0, 1.0)

    def _matrix(self, length: int) -> np.ndarray:
        """The blur of one axis as a matrix: row i holds the weights of blurred pixel i, float32 [length, length]."""
        radius = int(TRUNCATE * self.std + 0.5)
        offsets = np.arange(-radius, radius + 1)
        weights = np.exp(-0.5 * (offsets / max(self.std, 1e-9)) ** 2)
        matrix = np.zeros((length, length))
        for offset, weight in zip(offsets, weights / weights.sum(), strict=True):
            matrix[np.arange(length), np.clip(np.arange(length) + offset, 0, length - 1)] += weight
        return matrix.astype(np.float32)
