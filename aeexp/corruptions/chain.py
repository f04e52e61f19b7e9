"""Composition of corruptions."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace

from aeexp.corruptions.corruption import Bounds, Corruption
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import in_order
from aeexp.types import Shape


@dataclass(frozen=True)
class Chain(Corruption):
    """Corruptions applied in order, each with independent random draws; the identity if there are none.

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
    def description(self) -> str:
        """The corruptions with their settings, such as `downscale(factor=2) + noise(mean=0, std=0.5)`, or `none`."""
        return " + ".join(f"{name}({_settings(link)})" for name, link in self.links.items()) or "none"

    @property
    def strengths(self) -> dict[str, float]:
        """The strength of each corruption that has one, by the name of its field, such as `noise.std`."""
        return {
            f"{name}.{link.strength}": getattr(link, link.strength)
            for name, link in self.links.items()
            if link.strength is not None
        }

    @property
    def bounds(self) -> dict[str, Bounds]:
        """The least and the greatest value of each strength, by the same names."""
        return {name: self.links[name.rpartition(".")[0]].strength_bounds for name in self.strengths}

    @property
    def strength_settings(self) -> dict[str, str]:
        """The other settings of each corruption that has a strength, by the same names, such as `mean=0.5`."""
        settings: dict[str, str] = {}
        for name, link in self.links.items():
            if is_dataclass(link) and link.strength is not None:
                others = [each.name for each in fields(link) if each.name != link.strength]
                settings[f"{name}.{link.strength}"] = ", ".join(f"{other}={getattr(link, other)}" for other in others)
        return settings

    def at_strength(self, name: str, value: float) -> Chain:
        """A copy with one strength changed.

        Args:
            name: of the strength, as in `strengths`.
            value: of the strength; rounded if the field is an integer.

        Raises:
            ConfigError: if the corruption does not accept the value.
        """
        link, _, field = name.rpartition(".")
        whole = isinstance(self.strengths[name], int)
        changed = replace(self.links[link], **{field: round(value) if whole else value})  # type: ignore[type-var]
        return Chain({**self.links, link: changed})

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        return in_order(self.links.values(), images, seeds)


def _settings(link: Corruption) -> str:
    names: list[str] = [each.name for each in fields(link)] if is_dataclass(link) else []
    values = [getattr(link, name) for name in names]
    words = [f"{value:g}" if isinstance(value, float) else str(value) for value in values]
    return ", ".join(map("=".join, zip(names, words, strict=True)))
