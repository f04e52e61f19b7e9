"""The compiled inner loop: many training steps without Python between them."""

from collections.abc import Callable

import keras
import tensorflow as tf

from aeexp.losses.objective import Objective
from aeexp.models.autoencoder import Autoencoder
from aeexp.pairs import Pairs

Sums = dict[str, tf.Tensor]
Weights = dict[str, tf.Tensor]
TrainingSteps = Callable[[tf.Tensor, tf.Tensor, tf.Tensor, Weights], Sums]

SHARD = 64
"""Images computed on one thread; their number decides how sums are rounded, so it depends on nothing."""

SHARDS_AT_ONCE = 16
"""How many shards of a batch may be in memory together, however large the batch."""

NO_IMAGE = -1
"""Fills the last batch of an epoch to the size of the others, which spares a second compilation."""


def training_steps(
    model: Autoencoder, pairs: Pairs, objective: Objective, optimizer: keras.optimizers.Optimizer, size: int
) -> TrainingSteps:
    """A function that takes one optimizer step for each row of `size` indices and sums what the objective reports.

    On a processor, a batch is cut into shards that run side by side, each on one thread; the gradient is the mean
    over the batch, whatever the number of threads. On a GPU, the whole batch is one, compiled by XLA.
    """
    on_gpu = bool(tf.config.list_physical_devices("GPU"))
    shard = size if on_gpu else SHARD
    variables = model.trainable_variables

    @tf.function(autograph=False)
    def shard_gradients(
        indices: tf.Tensor, images: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights
    ) -> tuple[list[tf.Tensor], Sums]:
        present = tf.cast(indices != NO_IMAGE, tf.float32)
        batch = pairs.batch(tf.maximum(indices, 0), corruption_epoch, epoch)
        with tf.GradientTape() as tape:
            outputs = model(batch.corrupted, seeds=batch.seeds, training=True)
            values = objective(batch.clean, outputs, weights)
            sums = {name: tf.reduce_sum(value * present) for name, value in values.items()}
            loss = sums["loss"] / images
        return tape.gradient(loss, variables), sums

    def step(indices: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights) -> Sums:
        images = tf.reduce_sum(tf.cast(indices != NO_IMAGE, tf.float32))
        totals: list[tuple[list[tf.Tensor], Sums]] = []
        for start in range(0, size, shard):
            with tf.control_dependencies(tf.nest.flatten(totals[-SHARDS_AT_ONCE : 1 - SHARDS_AT_ONCE])):
                part = shard_gradients(indices[start : start + shard], images, corruption_epoch, epoch, weights)
            totals.append(tf.nest.map_structure(tf.add, totals[-1], part) if totals else part)
        gradients, sums = totals[-1]
        optimizer.apply(gradients, variables)
        return sums

    scalar = tf.TensorSpec([], tf.int32)

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, size], tf.int32),
            scalar,
            scalar,
            {name: tf.TensorSpec([], tf.float32) for name in objective.terms},
        ],
        jit_compile=on_gpu or None,
    )
    def steps(batches: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights) -> Sums:
        totals = {name: tf.constant(0.0) for name in objective.names}
        for indices in batches:
            sums = step(indices, corruption_epoch, epoch, weights)
            totals = {name: totals[name] + sums[name] for name in totals}
        return totals

    return steps
