"""Several corruptions, one after the other."""

from dataclasses import dataclass, replace

import tensorflow as tf

from aeexp.corruptions.corruption import Corruption
from aeexp.errors import ConfigError
from aeexp.runtime.random import fold_in
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

    @property
    def strengths(self) -> dict[str, float]:
        """How strong the links are, by the name of the field that says so, such as `noise.std`."""
        return {
            f"{name}.{link.strength}": getattr(link, link.strength)
            for name, link in self.links.items()
            if link.strength is not None
        }

    def at_strength(self, name: str, value: float) -> "Chain":
        """The same with one of the strengths changed.

        Raises:
            ConfigError: for a strength that the link refuses.
        """
        link, _, field = name.rpartition(".")
        whole = isinstance(self.strengths[name], int)
        changed = replace(self.links[link], **{field: round(value) if whole else value})  # type: ignore[type-var]
        return Chain({**self.links, link: changed})

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        for position, link in enumerate(self.links.values()):
            images = link(images, fold_in(seeds, position))
        return images
