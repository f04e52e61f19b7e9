"""Additive Gaussian noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.corruptions.corruption import Bounds, Corruption
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import normal
from aeexp.types import Shape

MOST = 100.0
"""Times the pixel range, beyond which nothing is left of an image."""


@dataclass(frozen=True)
class Noise(Corruption):
    """Additive Gaussian noise: clip(image + N(mean, std²), 0, 1), independent for each pixel and channel.

    Args:
        mean: of the noise, in units of the pixel range [0, 1]; from -100 to 100; above 0 it brightens.
        std: standard deviation of the noise, in the same units, from 0 to 100.
    """

    strength: ClassVar[str | None] = "std"
    strength_bounds: ClassVar[Bounds] = (0.0, MOST)

    mean: float
    std: float

    def __post_init__(self) -> None:
        if not abs(self.mean) <= MOST:
            raise ConfigError(
                f"`mean` must be from -{MOST:g} to {MOST:g}, where 1 is the whole pixel range. Received "
                f"mean={self.mean}."
            )
        if not 0 <= self.std <= MOST:
            raise ConfigError(
                f"`std` must be at least 0 and at most {MOST:g}, where 1 is the whole pixel range. Received "
                f"std={self.std}; use, for example, std=0.5."
            )

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        noise = self.mean + self.std * normal(seeds, tuple(images.shape[1:]))
        return tf.clip_by_value(images + noise, 0.0, 1.0)
