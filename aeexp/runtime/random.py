"""Counter-based random draws, keyed by each image's own seed.

An image gets the same noise in any batch, order, thread or process. So all runs of a sweep are evaluated on the same
noisy images, and noise that is drawn once for the whole data set need not be stored.

The bits come from the counter-based hash `pcg_hash` (Jarzynski and Olano, "Hash Functions for GPU Rendering",
Journal of Computer Graphics Techniques 9(3), 2020), keyed twice: once before and once after the first round.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from aeexp.lazy import tf
from aeexp.types import Shape

EVALUATION_EPOCH = 2**31 - 1
"""The epoch of evaluations, whose draws no training epoch repeats."""


def image_seeds(seed: int, epoch: tf.Tensor | int, indices: tf.Tensor) -> tf.Tensor:
    """The seeds of some images of a data set in one epoch, uint32 [N, 2].

    Args:
        seed: the seed of the run.
        epoch: scalar; the same number gives the same draws.
        indices: [N] places in the data set.
    """
    indices = tf.cast(indices, tf.uint32)
    stream = _hash(_hash(seed) + (tf.cast(epoch, tf.uint32) if tf.is_tensor(epoch) else epoch))
    return _hash(tf.stack([indices + stream, tf.bitwise.bitwise_xor(indices, _hash(stream + 1))], axis=1))


def fold_in(seeds: tf.Tensor, number: tf.Tensor | int) -> tf.Tensor:
    """Seeds for another, independent draw of the same images, uint32 [N, 2]."""
    return _hash(seeds + _hash(number + 1))


def fold_in_each(seeds: tf.Tensor, count: int) -> tf.Tensor:
    """Seeds for several independent draws of the same images, uint32 [N, count, 2]."""
    numbers: tf.Tensor = _hash(tf.cast(tf.range(1, count + 1), tf.uint32))
    return _hash(seeds[:, tf.newaxis] + numbers[tf.newaxis, :, tf.newaxis])


def in_order(functions: Iterable[Callable[..., tf.Tensor]], images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
    """Images after several random functions of images and seeds, each with draws of its own."""
    for position, function in enumerate(functions):
        images = function(images, fold_in(seeds, position))
    return images


def uniform(seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
    """Draws from U(0, 1), the ends excluded, float32 [N, *shape]."""
    counter = tf.cast(tf.range(math.prod(shape)), tf.uint32)[tf.newaxis]
    bits = _hash(_hash(counter + seeds[:, :1]) + seeds[:, 1:])
    # 23 bits, so that the half added below is exact in float32 and neither 0 nor 1 can come out.
    draws = (tf.cast(tf.bitwise.right_shift(bits, 9), tf.float32) + 0.5) * 2.0**-23
    return tf.reshape(draws, (-1, *shape))


def normal(seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
    """Draws from N(0, 1) by the inverse of its distribution function, float32 [N, *shape]."""
    return math.sqrt(2.0) * tf.math.erfinv(2.0 * uniform(seeds, shape) - 1.0)


def row_numbers(rows: tf.Tensor) -> tf.Tensor:
    """A number from 0 to 1 for each row of float32 [N, D] that follows from its bits alone, float32 [N]."""
    bits = tf.bitcast(rows, tf.uint32)
    places = _hash(tf.cast(tf.range(1, bits.shape[1] + 1), tf.uint32))
    hashes = _hash(tf.reduce_sum(_hash(bits + places), 1))
    return (tf.cast(tf.bitwise.right_shift(hashes, 9), tf.float32) + 0.5) * 2.0**-23


def _hash(value: tf.Tensor | int) -> tf.Tensor | int:
    """Of a number, a number: what is known before a graph is traced takes no operation in it."""
    if not tf.is_tensor(value):
        state = (value * 747796405 + 2891336453) % 2**32
        word = ((state >> (state >> 28) + 4) ^ state) * 277803737 % 2**32
        return word >> 22 ^ word
    state = value * 747796405 + 2891336453
    shift = tf.bitwise.right_shift(state, 28) + 4
    word = tf.bitwise.bitwise_xor(tf.bitwise.right_shift(state, shift), state) * 277803737
    return tf.bitwise.bitwise_xor(tf.bitwise.right_shift(word, 22), word)
