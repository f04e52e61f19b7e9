"""JPEG compression artifacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.corruptions.corruption import Bounds, Corruption
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.types import Shape


@dataclass(frozen=True)
class Jpeg(Corruption):
    """JPEG compression: each image encoded as JPEG and decoded again.

    Args:
        quality: of libjpeg, from 1 to 100; lower is worse.
    """

    strength: ClassVar[str | None] = "quality"
    strength_bounds: ClassVar[Bounds] = (1, 100)

    quality: int

    def __post_init__(self) -> None:
        least, most = self.strength_bounds
        if not least <= self.quality <= most:
            raise ConfigError(f"`quality` must be from {least} to {most}. Received quality={self.quality}.")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        return tf.map_fn(
            lambda image: tf.ensure_shape(tf.image.adjust_jpeg_quality(image, self.quality), images.shape[1:]),
            images,
        )
