"""Batches of corrupted and clean images."""

from dataclasses import dataclass
from typing import NamedTuple

import tensorflow as tf

from aeexp.corruptions.corruption import Corruption
from aeexp.runtime.random import fold_in, image_seeds

MODEL_STREAM = 1000
"""Random stream of the model; a chain of corruptions uses the streams 0, 1, … of its links."""


class Batch(NamedTuple):
    """Inputs and targets of the model."""

    corrupted: tf.Tensor
    """float32 [B, h, w, c] in [0, 1]."""
    clean: tf.Tensor
    """float32 [B, H, W, C] in [0, 1]."""
    seeds: tf.Tensor
    """uint32 [B, 2], for the random draws of the model itself."""


@dataclass(frozen=True)
class CorruptedPairs:
    """Pairs of corrupted and clean images; the data set is stored once as uint8, and batches are computed on demand.

    Args:
        images: the clean images, uint8 [N, H, W, C].
        corruption: applied to the clean images.
        seed: of all random draws, which also depend on the epoch and the index of the image.
    """

    images: tf.Tensor
    corruption: Corruption
    seed: int

    def __len__(self) -> int:
        return int(self.images.shape[0])

    def batch(self, indices: tf.Tensor, corruption_epoch: tf.Tensor | int, model_epoch: tf.Tensor | int) -> Batch:
        """The pairs at the given indices, eagerly or inside a `tf.function`.

        Args:
            indices: int [B].
            corruption_epoch: scalar; an image is corrupted identically in equal epochs.
            model_epoch: scalar; likewise for the random draws of the model.
        """
        clean = tf.cast(tf.gather(self.images, indices), tf.float32) / 255.0
        seeds = image_seeds(self.seed, corruption_epoch, indices)
        corrupted = self.corruption(clean, seeds)
        if model_epoch is not corruption_epoch:
            seeds = image_seeds(self.seed, model_epoch, indices)
        return Batch(corrupted, clean, fold_in(seeds, MODEL_STREAM))
