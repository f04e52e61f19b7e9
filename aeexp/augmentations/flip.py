"""Random mirroring."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.augmentations.augmentation import Augmentation
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import fold_in, uniform


@dataclass(frozen=True)
class Flip(Augmentation):
    """Mirror images of every second image on average, independently in the two directions.

    Args:
        horizontal: whether left and right are swapped.
        vertical: whether top and bottom are swapped.
    """

    horizontal: bool
    vertical: bool

    def __post_init__(self) -> None:
        if not (self.horizontal or self.vertical):
            raise ConfigError(
                "`horizontal` or `vertical` must be true. Received false for both; leave flip out, or choose one."
            )

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        for chosen, axis in ((self.vertical, 1), (self.horizontal, 2)):
            if chosen:
                is_flipped = uniform(fold_in(seeds, axis), (1, 1, 1)) < 0.5
                images = tf.where(is_flipped, tf.reverse(images, [axis]), images)
        return images
