"""Batches for the contracts of what changes images at random."""

import numpy as np
import tensorflow as tf

from aeexp.runtime.random import image_seeds

SHAPES = [(28, 28, 1), (32, 32, 3), (24, 28, 3)]


def clean(shape: tuple[int, ...], count: int) -> tf.Tensor:
    """Random images, float32 [count, *shape] in [0, 1)."""
    return tf.constant(np.random.default_rng(0).random((count, *shape), np.float32))


def seeds(count: int, epoch: int = 0) -> tf.Tensor:
    """The seeds of as many images in an epoch, uint32 [count, 2]."""
    return image_seeds(0, epoch, tf.range(count))
