"""White and black specks."""

from dataclasses import dataclass
from typing import ClassVar

import tensorflow as tf

from aeexp.corruptions.corruption import Corruption, check_shares
from aeexp.runtime.random import uniform
from aeexp.types import Shape


@dataclass(frozen=True)
class SaltAndPepper(Corruption):
    """Sets a share of the values to 1 or to 0, equally often.

    Each channel of a pixel is drawn by itself, as `skimage.util.random_noise` does, so that the specks of colour
    images are coloured.

    Args:
        fraction: of the values, from 0 to 1.
    """

    strength: ClassVar[str | None] = "fraction"

    fraction: float

    def __post_init__(self) -> None:
        check_shares(self, "fraction")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        draws = uniform(seeds, tuple(images.shape[1:]))
        salted = tf.where(draws > 1 - self.fraction / 2, 1.0, images)
        return tf.where(draws < self.fraction / 2, 0.0, salted)
