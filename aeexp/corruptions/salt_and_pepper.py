"""Salt-and-pepper (impulse) noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.corruptions.corruption import FRACTION, Bounds, Corruption, check_fractions
from aeexp.lazy import tf
from aeexp.runtime.random import uniform
from aeexp.types import Shape


@dataclass(frozen=True)
class SaltAndPepper(Corruption):
    """Salt-and-pepper noise: random values set to 1 or 0 with equal probability.

    Channels are drawn independently, as in `skimage.util.random_noise`, so noise in color images is colored.

    Args:
        fraction: of the values that are changed, from 0 to 1.
    """

    strength: ClassVar[str | None] = "fraction"
    strength_bounds: ClassVar[Bounds] = FRACTION

    fraction: float

    def __post_init__(self) -> None:
        check_fractions(self, "fraction")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        draws = uniform(seeds, tuple(images.shape[1:]))
        salted = tf.where(draws > 1 - self.fraction / 2, 1.0, images)
        return tf.where(draws < self.fraction / 2, 0.0, salted)
