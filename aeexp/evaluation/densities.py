"""Densities that a trained model gives the images of a split."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import tensorflow as tf
from scipy.special import logsumexp

from aeexp.datasets.pairs import Batch, CorruptedPairs
from aeexp.losses.loss import Loss
from aeexp.metrics.metric import AggregateSamples
from aeexp.models.autoencoder import Autoencoder
from aeexp.runtime.interrupts import check_interrupt
from aeexp.runtime.random import EVALUATION_EPOCH, fold_in
from aeexp.runtime.sharding import map_shards
from aeexp.types import Outputs

IMAGES = 64
"""Images of which several codes are decoded at a time."""

SAMPLES = 64
"""Codes of each of them that are decoded at a time, which bounds the memory."""

AGGREGATED = 2**22
"""Pairs of codes and images of which a density is in memory at a time."""


@dataclass(frozen=True)
class ModelDensities:
    """Densities of the images of a split under a model whose codes have a density.

    Args:
        model: with fused convolutions.
        pairs: the images as they are evaluated.
        likelihood: of the pixels.
    """

    model: Autoencoder
    pairs: CorruptedPairs
    likelihood: Loss

    def log_weights(self, samples: int) -> Iterator[np.ndarray]:
        """log p(x|z)·p(z)/q(z|x) of several codes drawn from the posterior of each image, in nats.

        Yields:
            float64 [n, samples] of the next n images, in order.
        """
        at_once = min(samples, SAMPLES)
        some = self._some_log_weights(at_once)
        for indices in self._blocks():
            parts = []
            for number, start in enumerate(range(0, samples, at_once)):
                check_interrupt()
                parts.append(some(indices, tf.constant(number, tf.uint32)).numpy()[:, : samples - start])
            yield np.concatenate(parts, axis=1).astype(float)

    def divergence_and_distortion(self) -> tuple[np.ndarray, np.ndarray]:
        """KL(q(z|x) ‖ p(z)) and −log p(x|z) with one code of each image, each float32 [N] in nats."""
        blocks = [
            [each.numpy() for each in self._compiled_divergence_and_distortion(indices)] for indices in self._blocks()
        ]
        divergences, distortions = zip(*blocks, strict=True)
        return np.concatenate(divergences), np.concatenate(distortions)

    def aggregate(self, images: int) -> AggregateSamples:
        """The log densities of one code of each of the first images; those of all images form the aggregate."""
        prior = self.model.density()
        assert prior is not None  # as `runs.needs` refuses a model without one
        posteriors = [self._compiled_posteriors(indices) for indices in self._blocks()]
        parameters, latents = tf.nest.map_structure(lambda *parts: tf.concat(parts, 0), *posteriors)
        drawn = latents[:images]
        own = {name: values[:images] for name, values in parameters.items()}
        return AggregateSamples(
            self.model.bottleneck.log_prob(own, drawn).numpy().astype(float),
            prior.log_prob(drawn).numpy().astype(float),
            self._log_aggregate(parameters, drawn),
        )

    def _log_aggregate(self, parameters: Outputs, latents: tf.Tensor) -> np.ndarray:
        """The log of the mean over all images of their densities, of each code."""
        count = len(self.pairs)
        rows = max(1, AGGREGATED // count)
        densities = []
        for start in range(0, len(latents), rows):
            check_interrupt()
            block = latents[start : start + rows]
            repeated = {
                name: tf.tile(values, [len(block), *[1] * (values.shape.rank - 1)])
                for name, values in parameters.items()
            }
            of_pairs = self.model.bottleneck.log_prob(repeated, tf.repeat(block, count, 0))
            densities.append(logsumexp(of_pairs.numpy().astype(float).reshape(-1, count), axis=1) - np.log(count))
        return np.concatenate(densities)

    def _blocks(self) -> Iterator[tf.Tensor]:
        """Places of the images, by blocks of which all but the last have the same size."""
        for start in range(0, len(self.pairs), IMAGES):
            yield tf.range(start, min(start + IMAGES, len(self.pairs)), dtype=tf.int64)

    def _some_log_weights(self, samples: int) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
        """Log weights [n, samples] of images at places [n], with draws that a number tells apart."""

        def of_shard(indices: tf.Tensor, number: tf.Tensor) -> tf.Tensor:
            batch = self._batch(indices)
            outputs = self.model.draw(batch.corrupted, fold_in(batch.seeds, number), samples)
            learned = self.model.learned.names if self.model.learned else ()
            flat = {name: tf.repeat(outputs[name], samples, 0) for name in learned}
            images = outputs["reconstructions"]
            flat["reconstruction"] = tf.reshape(images, [-1, *images.shape[2:]])
            likelihoods = self.likelihood.log_likelihood(tf.repeat(batch.clean, samples, 0), flat)
            return outputs["log_prior"] - outputs["log_posterior"] + tf.reshape(likelihoods, [-1, samples])

        signature = [tf.TensorSpec([None], tf.int64), tf.TensorSpec([], tf.uint32)]
        return tf.function(
            lambda indices, number: map_shards(lambda shard: of_shard(shard, number), indices),
            input_signature=signature,
            autograph=False,
        )

    @cached_property
    def _compiled_divergence_and_distortion(self) -> Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]:
        def of_shard(indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            batch = self._batch(indices)
            outputs = self.model.with_kl(self.model.draw(batch.corrupted, batch.seeds))
            return outputs["kl"], -self.likelihood.log_likelihood(batch.clean, outputs)

        return _in_parallel(of_shard)

    @cached_property
    def _compiled_posteriors(self) -> Callable[[tf.Tensor], tuple[Outputs, tf.Tensor]]:
        def of_shard(indices: tf.Tensor) -> tuple[Outputs, tf.Tensor]:
            batch = self._batch(indices)
            parameters = self.model.parameters(batch.corrupted)
            return parameters, self.model.bottleneck.sample(parameters, batch.seeds)

        return _in_parallel(of_shard)

    def _batch(self, indices: tf.Tensor) -> Batch:
        return self.pairs.batch(indices, EVALUATION_EPOCH, EVALUATION_EPOCH)


def _in_parallel(of_shard: Callable[[tf.Tensor], Any]) -> Callable[[tf.Tensor], Any]:
    signature = [tf.TensorSpec([None], tf.int64)]
    return tf.function(lambda indices: map_shards(of_shard, indices), input_signature=signature, autograph=False)
