"""Random box occlusion (Cutout)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.corruptions.corruption import FRACTION, Bounds, Corruption, check_fractions
from aeexp.lazy import tf
from aeexp.runtime.random import fold_in, uniform
from aeexp.types import Shape


@dataclass(frozen=True)
class Occlude(Corruption):
    """Random box occlusion: a box of constant value at a random position entirely inside the image.

    Similar to Cutout (DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout",
    2017), whose boxes may extend beyond the image.

    Args:
        size: of the box as a fraction of the image's height and width, from 0 to 1, rounded to whole pixels.
        value: of the box, from 0 (black) to 1 (white).
    """

    strength: ClassVar[str | None] = "size"
    strength_bounds: ClassVar[Bounds] = FRACTION

    size: float
    value: float

    def __post_init__(self) -> None:
        check_fractions(self, "size", "value")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        height, width = images.shape[1:3]
        rows = self._covered(height, fold_in(seeds, 0))[:, :, tf.newaxis, tf.newaxis]
        columns = self._covered(width, fold_in(seeds, 1))[:, tf.newaxis, :, tf.newaxis]
        return tf.where(rows & columns, self.value, images)

    def _covered(self, length: int, seeds: tf.Tensor) -> tf.Tensor:
        """Which pixels along one axis the box covers, bool [N, length]."""
        size = round(self.size * length)
        start = tf.floor(uniform(seeds, (1,)) * (length - size + 1))
        pixels = tf.range(length, dtype=tf.float32)
        return (pixels >= start) & (pixels < start + size)
