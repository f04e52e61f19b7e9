"""Corruption: the abstract base class of all corruptions."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar

from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.types import Shape

Bounds = tuple[float, float]

FRACTION: Bounds = (0.0, 1.0)


class Corruption(ABC):
    """Degradation of clean images; the model learns to restore the clean images from the corrupted ones.

    A corruption is a frozen dataclass and a pure function: the result for an image depends on that image and its
    seed alone, not on the rest of the batch.
    """

    strength: ClassVar[str | None] = None
    """The field that controls how strong the corruption is, or None; the robustness report and the explorer vary it."""

    strength_bounds: ClassVar[Bounds] = (0.0, math.inf)
    """The least and the greatest value of that field, both of which are accepted where they are finite."""

    @abstractmethod
    def output_shape(self, shape: Shape) -> Shape:
        """The shape `(h, w, c)` of a corrupted image, given the shape of a clean one.

        Raises:
            ConfigError: if images of that shape cannot be corrupted this way.
        """

    @abstractmethod
    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        """Corrupt a batch, eagerly or inside a `tf.function`.

        Args:
            images: float32 [N, H, W, C] in [0, 1].
            seeds: uint32 [N, 2], one seed per image, for the functions of `aeexp.runtime.random`.

        Returns:
            float32 [N, h, w, c] in [0, 1].
        """


def check_fractions(corruption: Corruption, *names: str) -> None:
    """Check that fields lie in [0, 1].

    Raises:
        ConfigError: if one is smaller, larger or NaN.
    """
    for name in names:
        if not FRACTION[0] <= getattr(corruption, name) <= FRACTION[1]:
            raise ConfigError(f"`{name}` must be from 0 to 1. Received {name}={getattr(corruption, name)}.")
