"""Several corruptions, one after the other."""

from dataclasses import dataclass

import tensorflow as tf

from aeexp.corruptions.corruption import Corruption
from aeexp.errors import ConfigError
from aeexp.randomness import fold_in
from aeexp.types import Shape


@dataclass(frozen=True)
class Chain(Corruption):
    """Applies its links in order, each with draws of its own; without links it leaves the images as they are.

    Args:
        links: the corruptions by their names in the config.
    """

    links: dict[str, Corruption]

    def output_shape(self, shape: Shape) -> Shape:
        for name, link in self.links.items():
            try:
                shape = link.output_shape(shape)
            except ConfigError as error:
                raise ConfigError(f"corruption.{name}: {error}") from error
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        for position, link in enumerate(self.links.values()):
            images = link(images, fold_in(seeds, position))
        return images
