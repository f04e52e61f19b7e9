"""Random crop with padding."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.augmentations.augmentation import Augmentation
from aeexp.augmentations.shift import Shift, check_fill, check_fits
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.types import Shape


@dataclass(frozen=True)
class Crop(Augmentation):
    """Random crop with padding: a window of the image's own size at a random place in the padded image.

    With four pixels of zeros this is the augmentation of He et al., "Deep Residual Learning for Image Recognition",
    2016, for CIFAR-10. It is the same as `shift` by as many pixels.

    Args:
        padding: pixels that are added on each side, at least 1 and less than height and width.
        fill: what is added: `zero` for black, or `reflect` for the mirrored image without its edge.
    """

    padding: int
    fill: str

    def __post_init__(self) -> None:
        if self.padding < 1:
            raise ConfigError(f"`padding` must be at least 1. Received padding={self.padding}.")
        check_fill(self.fill)

    def check(self, shape: Shape) -> None:
        check_fits("padding", self.padding, shape)

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        return Shift(self.padding, self.fill)(images, seeds)
