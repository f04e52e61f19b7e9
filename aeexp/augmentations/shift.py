"""Random translation by whole pixels."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.augmentations.augmentation import Augmentation
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import fold_in, uniform
from aeexp.types import Shape

FILLS = ("zero", "reflect")


@dataclass(frozen=True)
class Shift(Augmentation):
    """Translation by a whole number of pixels, drawn uniformly from -pixels to pixels in each direction.

    Args:
        pixels: largest shift, at least 1 and less than height and width.
        fill: what comes in at the edge: `zero` for black, or `reflect` for the mirrored image without its edge.
    """

    pixels: int
    fill: str

    def __post_init__(self) -> None:
        if self.pixels < 1:
            raise ConfigError(f"`pixels` must be at least 1. Received pixels={self.pixels}.")
        check_fill(self.fill)

    def check(self, shape: Shape) -> None:
        check_fits("pixels", self.pixels, shape)

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        for axis in (1, 2):
            images = self._along(axis, images, fold_in(seeds, axis))
        return images

    def _along(self, axis: int, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        length = images.shape[axis]
        shifts = tf.cast(tf.floor((2 * self.pixels + 1) * uniform(seeds, (1,))), tf.int32) - self.pixels
        places = tf.range(length)[tf.newaxis] - shifts  # [N, length], where each pixel comes from
        last = length - 1
        inside = last - tf.abs(last - tf.abs(places))
        moved = tf.gather(images, inside, axis=axis, batch_dims=1)
        if self.fill == "reflect":
            return moved
        is_inside = tf.expand_dims((places >= 0) & (places <= last), -1)
        return tf.where(tf.expand_dims(is_inside, 3 - axis), moved, 0.0)


def check_fill(fill: str) -> None:
    """Refuse what edges cannot be filled with.

    Raises:
        ConfigError: naming what they can be.
    """
    if fill not in FILLS:
        hint = did_you_mean(fill, FILLS)
        raise ConfigError(f"`fill` must be {' or '.join(FILLS)}. Received fill={fill}.{hint}")


def check_fits(name: str, pixels: int, shape: Shape) -> None:
    """Refuse a shift that leaves nothing of some images.

    Args:
        name: of the setting.

    Raises:
        ConfigError: naming the largest one.
    """
    height, width, _ = shape
    if pixels >= min(height, width):
        most = min(height, width) - 1
        fix = f"use {name}={most} at most" if most else "leave it out"
        raise ConfigError(
            f"`{name}` must be less than height and width. Received {name}={pixels} for images of "
            f"{height}×{width}; {fix}."
        )
