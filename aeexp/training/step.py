"""The compiled inner loop: many training steps without Python between them."""

from collections.abc import Callable
from functools import reduce

import keras
import tensorflow as tf

from aeexp.datasets.pairs import CorruptedPairs
from aeexp.losses.objective import Objective
from aeexp.models.autoencoder import Autoencoder

Sums = dict[str, tf.Tensor]
Weights = dict[str, tf.Tensor]
Totals = tuple[list[tf.Tensor], Sums]
TrainingSteps = Callable[[tf.Tensor, tf.Tensor, tf.Tensor, Weights], Sums]

SHARD = 64
"""Images computed on one thread; their number decides how sums are rounded, so it depends on nothing."""

IMAGES_AT_ONCE = 16 * SHARD
"""How many images of a batch may be in memory together, however large the batch."""

NO_IMAGE = -1
"""Fills the last batch of an epoch to the size of the others, which spares a second compilation."""


def images_at_once(batch_size: int) -> int:
    """How many images of a batch are in memory together: on a GPU all of them."""
    return batch_size if _is_on_gpu() else min(batch_size, IMAGES_AT_ONCE)


def training_steps(
    model: Autoencoder, pairs: CorruptedPairs, objective: Objective, optimizer: keras.optimizers.Optimizer, size: int
) -> TrainingSteps:
    """A function that takes one optimizer step for each row of `size` indices and sums what the objective reports.

    On a processor, a batch is cut into shards that run side by side, each on one thread; the gradient is the mean
    over the batch, whatever the number of threads. On a GPU, the whole batch is one, compiled by XLA.
    """
    gradients_of = _shard_gradients(model, pairs, objective)
    shard = size if _is_on_gpu() else SHARD
    at_once = images_at_once(size)

    def step(indices: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights) -> Sums:
        images = tf.reduce_sum(tf.cast(indices != NO_IMAGE, tf.float32))

        def total(indices: tf.Tensor) -> Totals:
            shards = [indices[start : start + shard] for start in range(0, indices.shape[0], shard)]
            return reduce(_add, [gradients_of(each, images, corruption_epoch, epoch, weights) for each in shards])

        odd = (size - 1) % at_once + 1
        totals = total(indices[:odd])
        if odd < size:
            parts = tf.reshape(indices[odd:], [-1, at_once])
            totals = tf.foldl(lambda totals, part: _add(totals, total(part)), parts, totals, parallel_iterations=1)
        gradients, sums = totals
        optimizer.apply(gradients, model.trainable_variables)
        return sums

    scalar = tf.TensorSpec([], tf.int32)

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, size], tf.int32),
            scalar,
            scalar,
            {name: tf.TensorSpec([], tf.float32) for name in objective.terms},
        ],
        jit_compile=_is_on_gpu() or None,
    )
    def steps(batches: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights) -> Sums:
        totals = {name: tf.constant(0.0) for name in objective.names}
        for indices in batches:
            sums = step(indices, corruption_epoch, epoch, weights)
            totals = {name: totals[name] + sums[name] for name in totals}
        return totals

    return steps


def _shard_gradients(model: Autoencoder, pairs: CorruptedPairs, objective: Objective) -> Callable[..., Totals]:
    """A function of some indices that gives their part of the batch's gradient, and what the objective reports."""

    @tf.function(autograph=False)
    def shard_gradients(
        indices: tf.Tensor, images: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights
    ) -> Totals:
        present = tf.cast(indices != NO_IMAGE, tf.float32)
        batch = pairs.batch(tf.maximum(indices, 0), corruption_epoch, epoch)
        with tf.GradientTape() as tape:
            outputs = model(batch.corrupted, seeds=batch.seeds, training=True)
            values = objective(batch.clean, outputs, weights)
            sums = {name: tf.reduce_sum(value * present) for name, value in values.items()}
            loss = sums["loss"] / images
        return tape.gradient(loss, model.trainable_variables), sums

    return shard_gradients


def _add(one: Totals, other: Totals) -> Totals:
    return tf.nest.map_structure(tf.add, one, other)


def _is_on_gpu() -> bool:
    return bool(tf.config.list_physical_devices("GPU"))
