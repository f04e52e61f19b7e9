"""Binary cross-entropy."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar

from aeexp.lazy import keras, tf
from aeexp.metrics.metric import Metric


@dataclass(frozen=True)
class Bce(Metric):
    """−t·log(r) − (1 − t)·log(1 − r), the mean over pixels."""

    label: ClassVar[str] = "BCE"
    unit: ClassVar[str] = "nats"
    range: ClassVar[tuple[float, float]] = (0.0, inf)
    higher_is_better: ClassVar[bool] = False

    def __call__(self, targets: tf.Tensor, reconstructions: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(keras.ops.binary_crossentropy(targets, reconstructions), [1, 2, 3])
