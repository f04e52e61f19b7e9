"""Out of focus."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import tensorflow as tf

from aeexp.corruptions.corruption import Corruption
from aeexp.errors import ConfigError
from aeexp.types import Shape

REACH = 4
"""Where the kernel ends, in standard deviations."""


@dataclass(frozen=True)
class Blur(Corruption):
    """Convolves with a Gaussian; beyond the edge lies the edge's own value. Equal to `skimage.filters.gaussian`.

    Args:
        std: standard deviation of the kernel in pixels, at least 0.
    """

    strength: ClassVar[str | None] = "std"

    std: float

    def __post_init__(self) -> None:
        if not 0 <= self.std < math.inf:
            raise ConfigError(f"`std` must be a finite number of at least 0 pixels. Received std={self.std}.")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        height, width = images.shape[1:3]
        blurred = tf.einsum("yr,nrsc,xs->nyxc", self._mixture(height), images, self._mixture(width))
        return tf.clip_by_value(blurred, 0.0, 1.0)

    def _mixture(self, length: int) -> np.ndarray:
        """How much each pixel of a side (column) gives to each blurred one (row), float32 [length, length]."""
        reach = int(REACH * self.std + 0.5)
        offsets = np.arange(-reach, reach + 1)
        weights = np.exp(-0.5 * (offsets / max(self.std, 1e-9)) ** 2)
        mixture = np.zeros((length, length))
        for offset, weight in zip(offsets, weights / weights.sum(), strict=True):
            mixture[np.arange(length), np.clip(np.arange(length) + offset, 0, length - 1)] += weight
        return mixture.astype(np.float32)
