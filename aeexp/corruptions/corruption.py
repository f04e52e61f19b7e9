"""The contract of a corruption."""

from abc import ABC, abstractmethod
from typing import ClassVar

import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.types import Shape


class Corruption(ABC):
    """Damages clean images; the model learns to give the clean ones back.

    A corruption is a frozen dataclass and a pure function: the same images and seeds give the same result,
    image by image, whatever else is in the batch.
    """

    strength: ClassVar[str | None] = None
    """The number among the fields that says how strong it is, for whoever wants to vary it."""

    @abstractmethod
    def output_shape(self, shape: Shape) -> Shape:
        """The shape `(h, w, c)` of a corrupted image, given that of a clean one.

        Raises:
            ConfigError: where images of that shape cannot be corrupted so.
        """

    @abstractmethod
    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        """Corrupt a batch, inside or outside a graph.

        Args:
            images: float32 [N, H, W, C] in [0, 1].
            seeds: uint32 [N, 2], one seed an image, for the draws of `aeexp.runtime.random`.

        Returns:
            float32 [N, h, w, c] in [0, 1].
        """


def check_shares(corruption: Corruption, *names: str) -> None:
    """Refuse those fields where they lie outside [0, 1], as NaN does.

    Raises:
        ConfigError: as above.
    """
    for name in names:
        if not 0 <= getattr(corruption, name) <= 1:
            raise ConfigError(f"`{name}` must be from 0 to 1. Received {name}={getattr(corruption, name)}.")
