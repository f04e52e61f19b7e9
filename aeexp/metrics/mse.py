"""Mean squared error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.lazy import tf
from aeexp.metrics.metric import Metric


@dataclass(frozen=True)
class Mse(Metric):
    """(t − r)², the mean over pixels."""

    label: ClassVar[str] = "MSE"
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    higher_is_better: ClassVar[bool] = False

    def __call__(self, targets: tf.Tensor, reconstructions: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(tf.square(targets - reconstructions), [1, 2, 3])
