"""Training images as the augmentation changes them, for a picture of it."""

from dataclasses import replace

import numpy as np
import tensorflow as tf

from aeexp.datasets.pairs import CorruptedPairs

IMAGES, EPOCHS = 10, 4


def augmented_images(pairs: CorruptedPairs, epochs: int) -> dict[str, np.ndarray]:
    """The first clean training images, and as they were in each of the first epochs; empty without augmentation.

    Args:
        pairs: of the training.
        epochs: that were trained.

    Returns:
        float32 [N, H, W, C] in [0, 1] under `image`, `epoch 1`, ….
    """
    if pairs.augmentation is None:
        return {}
    indices = tf.range(min(IMAGES, len(pairs)))
    plain = replace(pairs, augmentation=None, binarize=False)
    seen = {epoch: pairs.batch(indices, epoch, epoch).clean.numpy() for epoch in range(min(EPOCHS, epochs))}
    named = {f"epoch {epoch + 1}": images for epoch, images in seen.items()}
    return {"image": plain.batch(indices, 0, 0).clean.numpy(), **named}
