"""The compiled inner loops: many training steps, or one validation pass, without Python between them."""

from collections.abc import Callable

import keras
import tensorflow as tf

from aeexp.losses.objective import Objective
from aeexp.metrics import image_metrics
from aeexp.models.autoencoder import Autoencoder
from aeexp.pairs import Batch, Pairs
from aeexp.randomness import EVALUATION_EPOCH

Sums = dict[str, tf.Tensor]
Weights = dict[str, tf.Tensor]
TrainingSteps = Callable[[tf.Tensor, tf.Tensor, tf.Tensor, Weights], Sums]

SHARD = 64


def training_steps(
    model: Autoencoder, pairs: Pairs, objective: Objective, optimizer: keras.optimizers.Optimizer, size: int
) -> TrainingSteps:
    """A function that takes one optimizer step for each row of `size` indices and sums what the objective reports.

    A batch is cut into shards that run side by side, each on one thread; the gradient is the mean over the batch,
    whatever the number of threads.
    """
    variables = model.trainable_variables

    def shard_gradients(batch: Batch, weights: Weights) -> tuple[list[tf.Tensor], Sums]:
        with tf.GradientTape() as tape:
            outputs = model(batch.corrupted, seeds=batch.seeds, training=True)
            values = objective(batch.clean, outputs, weights)
            loss = tf.reduce_sum(values["loss"]) / size
        sums = {name: tf.reduce_sum(value) for name, value in values.items()}
        return tape.gradient(loss, variables), sums

    def step(indices: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights) -> Sums:
        shards = [
            shard_gradients(pairs.batch(indices[start : start + SHARD], corruption_epoch, epoch), weights)
            for start in range(0, size, SHARD)
        ]
        gradients, sums = zip(*shards, strict=True)
        optimizer.apply([tf.add_n(parts) for parts in zip(*gradients, strict=True)], variables)
        return {name: tf.add_n([part[name] for part in sums]) for name in sums[0]}

    scalar = tf.TensorSpec([], tf.int32)

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, size], tf.int32),
            scalar,
            scalar,
            {name: tf.TensorSpec([], tf.float32) for name in objective.terms},
        ]
    )
    def steps(batches: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights) -> Sums:
        totals = step(batches[0], corruption_epoch, epoch, weights)
        for row in tf.range(1, tf.shape(batches)[0]):
            sums = step(batches[row], corruption_epoch, epoch, weights)
            totals = {name: totals[name] + sums[name] for name in totals}
        return totals

    return steps


def validation_pass(
    model: Autoencoder, pairs: Pairs, objective: Objective
) -> Callable[[tf.Tensor, dict[str, tf.Tensor]], Sums]:
    """A function that sums the objective and the image metrics over the images at some places."""

    @tf.function(reduce_retracing=True)
    def validate(indices: tf.Tensor, weights: Weights) -> Sums:
        batch = pairs.batch(indices, EVALUATION_EPOCH, EVALUATION_EPOCH)
        outputs = model(batch.corrupted, seeds=batch.seeds, training=False)
        values = {
            **image_metrics(batch.clean, outputs["reconstruction"]),
            **objective(batch.clean, outputs, weights),
        }
        return {name: tf.reduce_sum(value) for name, value in values.items()}

    return validate
