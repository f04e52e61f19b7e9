"""Downscaling by average pooling."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.corruptions.corruption import Corruption
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.types import Shape


@dataclass(frozen=True)
class Downscale(Corruption):
    """Average pooling over squares of `factor` × `factor` pixels; the model learns super-resolution.

    Args:
        factor: by which height and width shrink; must divide both.
    """

    factor: int

    def __post_init__(self) -> None:
        if self.factor < 1:
            raise ConfigError(f"`factor` must be at least 1. Received factor={self.factor}.")

    def output_shape(self, shape: Shape) -> Shape:
        height, width, channels = shape
        if height % self.factor or width % self.factor:
            possible = [n for n in range(2, min(height, width)) if not (height % n or width % n)]
            raise ConfigError(
                f"`factor` must divide the image size. Received factor={self.factor} for images of "
                f"{height}×{width}; use {', '.join(map(str, possible)) or 1}."
            )
        return (height // self.factor, width // self.factor, channels)

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        return tf.nn.avg_pool2d(images, self.factor, self.factor, "VALID")
