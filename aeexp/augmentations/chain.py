"""Composition of augmentations."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.augmentations.augmentation import Augmentation
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import in_order
from aeexp.types import Shape


@dataclass(frozen=True)
class AugmentationChain(Augmentation):
    """Augmentations applied in order, each with independent random draws; the identity if there are none.

    Args:
        links: the augmentations by their names in the config.
    """

    links: dict[str, Augmentation]

    def check(self, shape: Shape) -> None:
        for name, link in self.links.items():
            try:
                link.check(shape)
            except ConfigError as error:
                raise ConfigError(f"augmentation.{name}: {error}") from error

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        return in_order(self.links.values(), images, seeds)
