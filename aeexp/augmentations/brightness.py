"""Random brightness and contrast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.augmentations.augmentation import Augmentation
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import fold_in, uniform


@dataclass(frozen=True)
class Brightness(Augmentation):
    """Change of brightness and contrast: clip(mean + c·(image - mean) + b, 0, 1), the same c and b for all pixels.

    The mean is that of each channel of the image, b is drawn uniformly from -delta to delta, and c from 1 - contrast to
    1 + contrast.

    Args:
        delta: largest change of brightness, from 0 to 1.
        contrast: largest relative change of contrast, from 0 to 1.
    """

    keeps_values: ClassVar[bool] = False

    delta: float
    contrast: float

    def __post_init__(self) -> None:
        for name in ("delta", "contrast"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(f"`{name}` must be from 0 to 1. Received {name}={getattr(self, name)}.")

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        change, factor = (2 * uniform(fold_in(seeds, draw), (1, 1, 1)) - 1 for draw in (0, 1))
        mean = tf.reduce_mean(images, [1, 2], keepdims=True)
        brighter = images + self.delta * change + self.contrast * factor * (images - mean)
        return tf.clip_by_value(brighter, 0.0, 1.0)
