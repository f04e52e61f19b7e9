"""Evaluation of a model on images: predicted once, read by everything else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.evaluation.densities import ModelDensities
from aeexp.evaluation.result import EvaluationResult
from aeexp.evaluation.samples import SampleSource
from aeexp.evaluation.source import Source
from aeexp.losses.objective import Objective, reported
from aeexp.metrics.metric import CODES, COUNTS, FACTORS, LABELS, Metric, measure, measure_split, of_images
from aeexp.models.autoencoder import OF_SAMPLES, Autoencoder
from aeexp.models.fast_conv import fuse_convolutions
from aeexp.models.priors.prior import Density
from aeexp.runtime.interrupts import check_interrupt
from aeexp.runtime.random import EVALUATION_EPOCH
from aeexp.runtime.sharding import map_shards
from aeexp.types import Outputs

BLOCK = 500
"""Images predicted at a time; draws are keyed by image, so the number changes no result."""


class ForwardPass(NamedTuple):
    """Inputs, targets, outputs and metrics of some images."""

    inputs: tf.Tensor
    targets: tf.Tensor
    outputs: Outputs
    metrics: dict[str, tf.Tensor]


OF_TERMS = {*OF_SAMPLES, "kl_per_dimension", "prior_latent", "decoder_norm"}
"""Outputs that loss terms alone read."""

Predict = Callable[[tf.Tensor], ForwardPass]

CODE_BYTES = 2**27
"""Memory for the codes of an evaluation; a code may be far larger than its image."""


@dataclass(frozen=True)
class Evaluator:
    """Evaluator of a model on the same images, corrupted in the same way at each call.

    Args:
        model: the model, trained or in training.
        pairs: the images and their corruption.
        metrics: measured of each image, or of all together, by their names.
        labels: int [N], or None.
        class_names: of the labels.
        probes: places of the images that pictures show.
        source: run and data, for the line below the titles of figures.
        trained: the corruption that the model was trained with; None is that of the pairs.
        objective: whose terms are measured beside the image metrics.
        names: of the images, [N], or None.
        factors: of the images, float32 [N, F], or None.
        samples: of new images, or None.
        alike: an evaluator that differs in its images alone, whose compiled computation this one uses.
    """

    model: Autoencoder
    pairs: CorruptedPairs
    metrics: Mapping[str, Metric]
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    probes: tuple[int, ...]
    source: Source
    trained: Chain | None = None
    objective: Objective | None = None
    names: np.ndarray | None = None
    factors: np.ndarray | None = None
    samples: SampleSource | None = None
    alike: Evaluator | None = None

    def means(self) -> dict[str, float]:
        """The means of all metrics over all images, and the metrics of all together."""
        sums: Counter[str] = Counter()
        codes: list[np.ndarray] = []
        kept = self._codes_kept if self._has_split_metrics else 0
        for start in range(0, len(self.pairs), BLOCK):
            indices = tf.range(start, min(start + BLOCK, len(self.pairs)), dtype=tf.int64)
            *_, outputs, metrics = self._predict_here(indices)
            sums.update({name: float(np.sum(values, dtype=float)) for name, values in metrics.items()})
            codes += [outputs[self.model.bottleneck.mode_output][: kept - start].numpy()] if start < kept else []
        means = {name: value / len(self.pairs) for name, value in sums.items()}
        return means | self._of_all(codes)

    @property
    def pixels(self) -> int:
        """Numbers in an image."""
        return math.prod(self.pairs.images.shape[1:])

    def all_images(self, history: Sequence[dict[str, float]]) -> EvaluationResult:
        """Predict every image."""
        evaluation = self._evaluate(np.arange(len(self.pairs)), history)
        evaluation = replace(evaluation, split_metrics=self._of_all([evaluation.codes]))
        return self._with_densities(evaluation) if self._of_densities else evaluation

    def probe_images(self) -> EvaluationResult:
        """Predict the probe images alone."""
        return self._evaluate(np.array(self.probes, np.int64), [])

    def at_strength(self, name: str, value: float, count: int) -> EvaluationResult:
        """Predict the first images with one strength of the corruption changed.

        Raises:
            ConfigError: for a strength that cannot be.
        """
        corruption = self._chain.at_strength(name, value)
        corruption.output_shape(tuple(self.pairs.images.shape[1:]))
        predict = partial(self._predict, replace(self.pairs, corruption=corruption))  # not worth compiling
        return self._evaluate(np.arange(min(count, len(self.pairs))), [], predict)

    def _evaluate(
        self, indices: np.ndarray, history: Sequence[dict[str, float]], predict: Predict | None = None
    ) -> EvaluationResult:
        starts = range(0, max(1, len(indices)), BLOCK)
        blocks = [self._block(predict or self._predict_here, indices, start) for start in starts]
        inputs, targets, outputs, metrics = tf.nest.map_structure(lambda *parts: np.concatenate(parts), *blocks)
        return EvaluationResult(
            model=self.model,
            indices=indices,
            inputs=inputs,
            targets=targets,
            outputs=outputs,
            metrics=reported(metrics),
            metric_functions=of_images(self.metrics),
            labels=None if self.labels is None else self.labels[indices],
            class_names=self.class_names,
            names=None if self.names is None else self.names[indices],
            probes=self.probes,
            history=tuple(history),
            strengths=self._chain.strengths,
            trained_strengths=(self._chain if self.trained is None else self.trained).strengths,
            strength_settings=self._chain.strength_settings,
            source=self.source,
            samples=self.samples,
            at_strength=self.at_strength,
        )

    def _block(self, predict: Predict, indices: np.ndarray, start: int) -> ForwardPass:
        check_interrupt()
        inputs, targets, outputs, metrics = predict(tf.constant(indices[start : start + BLOCK]))
        kept = max(0, self._codes_kept - start)
        outputs = {name: _first(kept, name, values) for name, values in outputs.items()}
        return ForwardPass(inputs, targets, outputs, metrics)

    def _of_all(self, codes: Sequence[np.ndarray]) -> dict[str, float]:
        """The metrics of all images together, or rather of the first ones, whose codes these are."""
        if not self._has_split_metrics:
            return {}
        shaped = np.concatenate(codes).astype(np.float32)
        vectors = shaped.reshape(len(shaped), -1)
        known = {LABELS: self.labels, FACTORS: self.factors}
        arrays = {name: values[: len(vectors)] for name, values in known.items() if values is not None}
        counts = self.model.bottleneck.counts(shaped) if np.isfinite(vectors).all() else None
        return measure_split(self.metrics, {CODES: vectors, **arrays, **({} if counts is None else {COUNTS: counts})})

    @property
    def _has_split_metrics(self) -> bool:
        return any(metric.is_of_split for metric in self.metrics.values())

    @property
    def _of_densities(self) -> dict[str, Metric]:
        return {name: metric for name, metric in self.metrics.items() if metric.is_of_densities}

    def _with_densities(self, evaluation: EvaluationResult) -> EvaluationResult:
        """The evaluation with the metrics of the densities of all images."""
        likelihood = self.objective.likelihood if self.objective else None
        assert likelihood is not None  # as `runs.needs` refuses such metrics without one
        densities = ModelDensities(self._fused, self.pairs, likelihood)
        values = {name: np.asarray(metric(densities)) for name, metric in self._of_densities.items()}
        numbers = {name: float(value) for name, value in values.items() if not value.shape}
        return replace(
            evaluation,
            of_densities={name: value for name, value in values.items() if value.shape},
            split_metrics=evaluation.split_metrics | numbers,
        )

    @cached_property
    def _codes_kept(self) -> int:
        """How many images' codes are held: as many as the memory allows, and in any case those of the probes."""
        codes = {**self.model.encoder.output, "latent": self.model.decoder.input}
        numbers = sum(math.prod(code.shape[1:]) for code in codes.values())
        return max(CODE_BYTES // (4 * numbers), *(probe + 1 for probe in self.probes), 1)

    def _predict(self, pairs: CorruptedPairs, indices: tf.Tensor, density: Density | None = None) -> ForwardPass:
        batch = pairs.batch(indices, EVALUATION_EPOCH, EVALUATION_EPOCH)
        samples = self.objective.samples if self.objective else 0
        outputs = self._fused.draw(batch.corrupted, batch.seeds, samples, density=density)
        outputs = self._fused.with_kl(outputs, density)
        metrics = measure(self.metrics, batch.clean, outputs["reconstruction"])
        if self.objective:
            metrics |= self.objective.of_scope("image").measure(batch.clean, outputs)
        return ForwardPass(batch.corrupted, batch.clean, outputs, metrics)

    def _with_batch_terms(self, block: ForwardPass, dataset_size: tf.Tensor) -> ForwardPass:
        """The terms that depend on all images of a block are added to its metrics; further samples are left out."""
        if self.objective and self.objective.has_batch_terms:
            of_batch = {"present": tf.ones(tf.shape(block.targets)[:1]), "dataset_size": dataset_size}
            terms = self.objective.of_scope("batch")
            block.metrics.update(terms.measure(block.targets, {**block.outputs, **of_batch}))
        outputs = {name: values for name, values in block.outputs.items() if name not in OF_TERMS}
        return ForwardPass(block.inputs, block.targets, outputs, block.metrics)

    @cached_property
    def _fused(self) -> Autoencoder:
        return fuse_convolutions(self.model)

    def _predict_here(self, indices: tf.Tensor) -> ForwardPass:
        """The images of this evaluator, by the compiled computation."""
        return (self.alike or self).compiled(self.pairs.images, indices)

    @cached_property
    def compiled(self) -> Callable[[tf.Tensor, tf.Tensor], ForwardPass]:
        """The compiled computation: a function of images and of the places of those to predict."""
        images = self.pairs.images
        signature = [tf.TensorSpec([None, *images.shape[1:]], images.dtype), tf.TensorSpec([None], tf.int64)]

        @tf.function(input_signature=signature, autograph=False)
        def predict(images: tf.Tensor, indices: tf.Tensor) -> ForwardPass:
            pairs, density = replace(self.pairs, images=images), self._fused.density()
            block = map_shards(lambda rows: self._predict(pairs, rows, density), indices)
            return self._with_batch_terms(block, tf.cast(tf.shape(images)[0], tf.float32))

        return predict

    @property
    def _chain(self) -> Chain:
        corruption = self.pairs.corruption
        return corruption if isinstance(corruption, Chain) else Chain({"corruption": corruption})


def _first(count: int, name: str, values: tf.Tensor) -> tf.Tensor:
    return values if name == "reconstruction" else values[:count]
