"""The contract of a loss term."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import inf
from typing import ClassVar

import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.types import Outputs


@dataclass(frozen=True, kw_only=True)
class Loss(ABC):
    """One term of the objective: a sum over pixels or latents, so that its weight means the same at any image size.

    Args:
        weight: factor of the term in the sum, at least 0.
    """

    needs: ClassVar[tuple[str, ...]] = ("reconstruction",)
    """The outputs of the model that the term reads."""

    per_pixel: ClassVar[bool] = True
    """Whether the term is reported as the mean over pixels, beside the sum that is optimised."""

    weight: float

    def __post_init__(self) -> None:
        if not 0 <= self.weight < inf:
            raise ConfigError(f"`weight` must be at least 0. Received weight={self.weight}.")

    def weight_at(self, epoch: int) -> float:
        """The weight in an epoch, counted from 0."""
        return self.weight

    @abstractmethod
    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        """The term before its weight, one value an image.

        Args:
            targets: float32 [N, H, W, C], the clean images in [0, 1].
            outputs: what the model made of the corrupted ones.

        Returns:
            float32 [N].
        """


def sum_over_image(values: tf.Tensor) -> tf.Tensor:
    """[N, …] -> [N]."""
    return tf.reduce_sum(values, axis=list(range(1, values.shape.rank)))
