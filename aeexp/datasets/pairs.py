"""From a data set and a corruption to batches of corrupted and clean images."""

from dataclasses import dataclass
from typing import NamedTuple

import tensorflow as tf

from aeexp.corruptions.corruption import Corruption
from aeexp.runtime.random import fold_in, image_seeds


class Batch(NamedTuple):
    """Some images as the model sees them and as they should come out."""

    corrupted: tf.Tensor
    """float32 [B, h, w, c] in [0, 1]."""
    clean: tf.Tensor
    """float32 [B, H, W, C] in [0, 1]."""
    seeds: tf.Tensor
    """uint32 [B, 2], for whatever the model itself draws."""


@dataclass(frozen=True)
class CorruptedPairs:
    """Gathers, scales and corrupts a batch at a time; the data set is held once, as bytes.

    Args:
        images: uint8 [N, H, W, C].
        corruption: what happens to the clean images.
        seed: of all draws, together with the epoch and the place of the image in the data set.
    """

    images: tf.Tensor
    corruption: Corruption
    seed: int

    def __len__(self) -> int:
        return int(self.images.shape[0])

    def batch(self, indices: tf.Tensor, corruption_epoch: tf.Tensor | int, model_epoch: tf.Tensor | int) -> Batch:
        """The images at some places, inside or outside a graph.

        Args:
            indices: int [B].
            corruption_epoch: scalar; the same number corrupts an image in the same way.
            model_epoch: scalar, likewise for the draws of the model.
        """
        clean = tf.cast(tf.gather(self.images, indices), tf.float32) / 255.0
        corrupted = self.corruption(clean, image_seeds(self.seed, corruption_epoch, indices))
        return Batch(corrupted, clean, fold_in(image_seeds(self.seed, model_epoch, indices), 1000))
