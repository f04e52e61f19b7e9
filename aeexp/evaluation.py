"""From a model and pairs to an evaluation: predicted once, read by everything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import tensorflow as tf

from aeexp.metrics import image_metrics
from aeexp.models.autoencoder import Autoencoder
from aeexp.pairs import Pairs
from aeexp.randomness import EVALUATION_EPOCH
from aeexp.types import Evaluation

BLOCK = 500
"""Images predicted at a time; draws are keyed by image, so the number changes no result."""


@dataclass(frozen=True)
class Evaluator:
    """Judges a model on the same images, corrupted in the same way, as often as it is asked.

    Args:
        model: the model, trained or in training.
        pairs: the images and their corruption.
        labels: int [N], or None.
        class_names: of the labels.
        probes: places of the images that pictures show.
    """

    model: Autoencoder
    pairs: Pairs
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    probes: tuple[int, ...]

    def all_images(self, history: Sequence[dict[str, float]]) -> Evaluation:
        """Predict every image."""
        return self._evaluate(np.arange(len(self.pairs)), history)

    def probe_images(self) -> Evaluation:
        """Predict the probe images alone."""
        return self._evaluate(np.array(self.probes), [])

    def _evaluate(self, indices: np.ndarray, history: Sequence[dict[str, float]]) -> Evaluation:
        blocks = [self._predict(tf.constant(indices[start : start + BLOCK])) for start in range(0, len(indices), BLOCK)]
        inputs, targets, outputs, metrics = tf.nest.map_structure(lambda *parts: np.concatenate(parts), *blocks)
        return Evaluation(
            model=self.model,
            indices=indices,
            inputs=inputs,
            targets=targets,
            outputs=outputs,
            metrics=metrics,
            labels=None if self.labels is None else self.labels[indices],
            class_names=self.class_names,
            probes=self.probes,
            history=tuple(history),
        )

    @cached_property
    def _predict(self) -> Any:
        @tf.function(reduce_retracing=True)
        def predict(indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, dict[str, tf.Tensor], dict[str, tf.Tensor]]:
            batch = self.pairs.batch(indices, EVALUATION_EPOCH, EVALUATION_EPOCH)
            outputs = self.model(batch.corrupted, seeds=batch.seeds)
            return batch.corrupted, batch.clean, outputs, image_metrics(batch.clean, outputs["reconstruction"])

        return predict
