"""Augmentation: the abstract base class of all augmentations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from aeexp.lazy import tf
from aeexp.types import Shape


class Augmentation(ABC):
    """Random change of the clean training images, before they are corrupted; the changed images are the targets.

    An augmentation is a frozen dataclass and a pure function: the result for an image depends on that image and its
    seed alone, not on the rest of the batch. Validation images, test images and baselines never see it.
    """

    keeps_values: ClassVar[bool] = True
    """Whether black and white images stay so, as pixels are moved alone."""

    def check(self, shape: Shape) -> None:  # noqa: B027
        """Refuse images of a shape `(H, W, C)` that cannot be augmented this way.

        Raises:
            ConfigError: naming the setting, or the shape that it takes.
        """

    @abstractmethod
    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        """Augment a batch, eagerly or inside a `tf.function`.

        Args:
            images: float32 [N, H, W, C] in [0, 1].
            seeds: uint32 [N, 2], one seed per image, for the functions of `aeexp.runtime.random`.

        Returns:
            float32 [N, H, W, C] in [0, 1].
        """
