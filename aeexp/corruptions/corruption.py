"""The contract of a corruption."""

from abc import ABC, abstractmethod

import tensorflow as tf

from aeexp.types import Shape


class Corruption(ABC):
    """Damages clean images; the model learns to give the clean ones back.

    A corruption is a frozen dataclass and a pure function: the same images and seeds give the same result,
    image by image, whatever else is in the batch.
    """

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
            seeds: uint32 [N, 2], one seed an image, for the draws of `aeexp.randomness`.

        Returns:
            float32 [N, h, w, c] in [0, 1].
        """
