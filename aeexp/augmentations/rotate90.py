"""Random rotation by quarter turns."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.augmentations.augmentation import Augmentation
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import uniform
from aeexp.types import Shape


@dataclass(frozen=True)
class Rotate90(Augmentation):
    """Rotation by 0°, 90°, 180° or 270°, each with the same probability, of square images."""

    def check(self, shape: Shape) -> None:
        height, width, _ = shape
        if height != width:
            raise ConfigError(
                f"quarter turns need square images. Received {height}×{width}; leave rotate90 out, or use images of "
                f"{min(height, width)}×{min(height, width)}."
            )

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        turns = tf.floor(4 * uniform(seeds, (1, 1, 1)))
        images = tf.where(turns >= 2, tf.reverse(images, [1, 2]), images)
        return tf.where(turns % 2 == 1, tf.reverse(tf.transpose(images, [0, 2, 1, 3]), [1]), images)
