"""Additive Gaussian noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from aeexp.corruptions.corruption import Corruption
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import normal
from aeexp.types import Shape


@dataclass(frozen=True)
class Noise(Corruption):
    """Additive Gaussian noise: clip(image + N(mean, std²), 0, 1), independent for each pixel and channel.

    Args:
        mean: of the noise, in units of the pixel range [0, 1]; above 0 it brightens.
        std: standard deviation of the noise, in the same units, at least 0.
    """

    strength: ClassVar[str | None] = "std"

    mean: float
    std: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.mean):
            raise ConfigError(f"`mean` must be a finite number. Received mean={self.mean}.")
        if not 0 <= self.std < math.inf:
            raise ConfigError(f"`std` must be a finite number of at least 0. Received std={self.std}.")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        noise = self.mean + self.std * normal(seeds, tuple(images.shape[1:]))
        return tf.clip_by_value(images + noise, 0.0, 1.0)
