"""The compiled inner loop: many training steps without Python between them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce

import keras
import tensorflow as tf

from aeexp.datasets.pairs import CorruptedPairs
from aeexp.losses.objective import Objective
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.priors.prior import Density
from aeexp.types import Outputs

Sums = dict[str, tf.Tensor]
Weights = dict[str, tf.Tensor]
Totals = tuple[list[tf.Tensor], Sums, Sums]
"""Of some images: their part of the gradient, what the objective reports, and what the bottleneck is updated by."""

Shard = tuple[tf.Tensor, Outputs]
"""Clean images and the outputs for them."""

SHARD = 64
"""Images computed on one thread; their number decides how sums are rounded, so it depends on nothing."""

IMAGES_AT_ONCE = 16 * SHARD
"""How many images of a batch may be in memory together, however large the batch."""

NO_IMAGE = -1
"""Fills the last batch of an epoch to the size of the others, which spares a second compilation."""


def images_at_once(batch_size: int) -> int:
    """How many images of a batch are in memory together: on a GPU all of them."""
    return batch_size if _is_on_gpu() else min(batch_size, IMAGES_AT_ONCE)


@dataclass(frozen=True)
class TrainStep:
    """An optimizer step for a batch of images, and what the objective reports of it.

    On a processor, a batch is cut into shards that run in parallel, each on one thread; the gradient is the mean over
    the batch, whatever the number of threads. On a GPU, the whole batch is one, compiled by XLA. Where a term of the
    objective depends on the whole batch, or the prior computes something once for all of it, the networks compute it in
    shards, and the objective joins them.

    Args:
        model: with fused convolutions.
        pairs: the training images.
        optimizer: built for the weights of the model.
        batch_size: images per step.
    """

    model: Autoencoder
    pairs: CorruptedPairs
    objective: Objective
    optimizer: keras.optimizers.Optimizer
    batch_size: int

    def compiled(self) -> Callable[[tf.Tensor, tf.Tensor, tf.Tensor, Weights], Sums]:
        """A function that takes one step for each row of indices int32 [steps, batch_size] and sums what is reported.

        Its other arguments are the epoch of the corruption's draws and that of the model's, both scalars, and the
        weights of the loss terms.
        """
        scalar = tf.TensorSpec([], tf.int32)
        weights = {name: tf.TensorSpec([], tf.float32) for name in self.objective.weights(0)}
        signature = [tf.TensorSpec([None, self.batch_size], tf.int32), scalar, scalar, weights]

        @tf.function(input_signature=signature, jit_compile=_is_on_gpu() or None)
        def steps(batches: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights) -> Sums:
            totals = {name: tf.constant(0.0) for name in self.objective.names}
            for indices in batches:
                sums = self._step(indices, corruption_epoch, epoch, weights)
                totals = {name: totals[name] + sums[name] for name in totals}
            return totals

        return steps

    @tf.autograph.experimental.do_not_convert
    def _step(self, indices: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights) -> Sums:
        images = tf.reduce_sum(tf.cast(indices != NO_IMAGE, tf.float32))

        def total(part: tf.Tensor) -> Totals:
            shards = [part[start : start + self._shard] for start in range(0, part.shape[0], self._shard)]
            return reduce(
                self._add, [self._shard_gradients(each, images, corruption_epoch, epoch, weights) for each in shards]
            )

        if self._is_joined:
            return self._apply(self._batch_gradients(indices, corruption_epoch, epoch, weights))
        at_once = images_at_once(self.batch_size)
        odd = (self.batch_size - 1) % at_once + 1
        totals = total(indices[:odd])
        if odd < self.batch_size:
            parts = tf.reshape(indices[odd:], [-1, at_once])
            totals = tf.foldl(lambda totals, part: self._add(totals, total(part)), parts, totals, parallel_iterations=1)
        return self._apply(totals)

    def _apply(self, totals: Totals) -> Sums:
        gradients, sums, statistics = totals
        self.optimizer.apply(gradients, self.model.trainable_variables)
        if statistics:
            self.model.bottleneck.update(statistics)
        return sums

    @property
    def _is_joined(self) -> bool:
        prior = self.model.prior
        return self.objective.has_batch_terms or (prior is not None and prior.scope == "batch")

    @cached_property
    def _shard(self) -> int:
        return self.batch_size if _is_on_gpu() else SHARD

    @cached_property
    def _shard_gradients(self) -> Callable[..., Totals]:
        """A function of some indices that gives their part of the batch's gradient, and what the objective reports."""
        return tf.function(self._gradients, autograph=False)

    def _gradients(
        self,
        indices: tf.Tensor,
        images: tf.Tensor,
        corruption_epoch: tf.Tensor,
        epoch: tf.Tensor,
        weights: Weights,
    ) -> Totals:
        with tf.GradientTape() as tape:
            clean, outputs = self._forward(indices, corruption_epoch, epoch)
            sums = self._sums(clean, outputs, indices, weights)
            loss = sums["loss"] / images
        return self._gradient(tape, loss), sums, self._statistics(outputs, indices)

    def _batch_gradients(
        self, indices: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: Weights
    ) -> Totals:
        """As `_gradients`, of a whole batch: computed in shards by the networks, and as one by the objective."""
        parts = [indices[start : start + self._shard] for start in range(0, self.batch_size, self._shard)]
        with tf.GradientTape() as tape:
            density = self.model.density()

            @tf.function(autograph=False)  # traced once for all shards of a size
            def forward(part: tf.Tensor) -> Shard:
                return self._forward(part, corruption_epoch, epoch, density)

            shards = [forward(part) for part in parts]
            clean, outputs = tf.nest.map_structure(lambda *values: tf.concat(values, 0), *shards)
            sums = self._sums(clean, outputs, indices, weights)
            loss = sums["loss"] / tf.reduce_sum(_present(indices))
        return self._gradient(tape, loss), sums, self._statistics(outputs, indices)

    def _forward(
        self, indices: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, density: Density | None = None
    ) -> Shard:
        batch = self.pairs.batch(tf.maximum(indices, 0), corruption_epoch, epoch)
        images, seeds, samples = batch.corrupted, batch.seeds, self.objective.samples
        outputs = self.model.draw(images, seeds, samples, training=True, density=density)
        return batch.clean, self.model.with_kl(outputs, density)

    def _sums(self, clean: tf.Tensor, outputs: Outputs, indices: tf.Tensor, weights: Weights) -> Sums:
        present = _present(indices)
        of_batch = {"present": present, "dataset_size": tf.constant(float(len(self.pairs)))}
        values = self.objective(clean, {**outputs, **of_batch}, weights)
        return {name: tf.reduce_sum(value * present) for name, value in values.items()}

    def _gradient(self, tape: tf.GradientTape, loss: tf.Tensor) -> list[tf.Tensor]:
        """By all weights; zeros for those that the loss does not depend on, such as of a prior without its term."""
        weights = self.model.trainable_variables
        gradients = tape.gradient(loss, weights)
        return [
            tf.zeros(weight.shape) if gradient is None else tf.convert_to_tensor(gradient)
            for weight, gradient in zip(weights, gradients, strict=True)
        ]

    def _statistics(self, outputs: Outputs, indices: tf.Tensor) -> Sums:
        return self.model.bottleneck.statistics(outputs, _present(indices))

    def _add(self, one: Totals, other: Totals) -> Totals:
        gradients, sums = tf.nest.map_structure(tf.add, one[:2], other[:2])
        return gradients, sums, self.model.bottleneck.combine(one[2], other[2])


def _present(indices: tf.Tensor) -> tf.Tensor:
    return tf.cast(indices != NO_IMAGE, tf.float32)


def _is_on_gpu() -> bool:
    return bool(tf.config.list_physical_devices("GPU"))
