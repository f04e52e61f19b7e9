"""Peak signal-to-noise ratio (PSNR)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.lazy import tf
from aeexp.metrics.metric import Metric

LEAST_MSE = 1e-10


@dataclass(frozen=True)
class Psnr(Metric):
    """−10·log₁₀(MSE) in dB, where the mean squared error is over the pixels of an image; a perfect image has 100."""

    label: ClassVar[str] = "PSNR"
    unit: ClassVar[str] = "dB"
    range: ClassVar[tuple[float, float]] = (0.0, 100.0)
    higher_is_better: ClassVar[bool] = True

    def __call__(self, targets: tf.Tensor, reconstructions: tf.Tensor) -> tf.Tensor:
        mse = tf.reduce_mean(tf.square(targets - reconstructions), [1, 2, 3])
        return -10.0 * tf.math.log(tf.maximum(mse, LEAST_MSE)) / tf.math.log(10.0)
