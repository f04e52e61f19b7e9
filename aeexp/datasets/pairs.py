"""Batches of corrupted and clean images."""

from dataclasses import dataclass
from typing import NamedTuple

import tensorflow as tf

from aeexp.augmentations.augmentation import Augmentation
from aeexp.corruptions.corruption import Corruption
from aeexp.datasets.binarization import draw_binary
from aeexp.runtime.random import fold_in, image_seeds

MODEL_STREAM = 1000
"""Random stream of the model; a chain of corruptions uses the streams 0, 1, … of its links."""

AUGMENTATION_STREAM = 2000
"""Random stream of the augmentation, whose chain divides it among its links."""


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
        binarize: whether the clean images are drawn as zeros and ones anew in each epoch, with the gray values as
            probabilities, the same in runs of any seed.
        augmentation: of the clean images before all else, for training alone; None leaves them as they are.
    """

    images: tf.Tensor
    corruption: Corruption
    seed: int
    binarize: bool = False
    augmentation: Augmentation | None = None

    def __len__(self) -> int:
        return int(self.images.shape[0])

    @property
    def are_binary(self) -> bool:
        """Whether all pixels of the clean images are black or white."""
        return self.binarize or bool(tf.reduce_all((self.images == 0) | (self.images == 255)))

    def batch(self, indices: tf.Tensor, corruption_epoch: tf.Tensor | int, model_epoch: tf.Tensor | int) -> Batch:
        """The pairs at the given indices, eagerly or inside a `tf.function`.

        Args:
            indices: int [B].
            corruption_epoch: scalar; an image is corrupted identically in equal epochs.
            model_epoch: scalar; likewise for augmentation, binarization and the random draws of the model.
        """
        clean = tf.cast(tf.gather(self.images, indices), tf.float32) / 255.0
        seeds = image_seeds(self.seed, model_epoch, indices)
        if self.augmentation is not None:
            clean = self.augmentation(clean, fold_in(seeds, AUGMENTATION_STREAM))
        if self.binarize:
            clean = draw_binary(clean, model_epoch, indices)
        is_same = model_epoch is corruption_epoch
        corrupted = self.corruption(clean, seeds if is_same else image_seeds(self.seed, corruption_epoch, indices))
        return Batch(corrupted, clean, fold_in(seeds, MODEL_STREAM))
