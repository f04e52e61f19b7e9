"""Multi-scale structural similarity (MS-SSIM)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.lazy import tf
from aeexp.metrics.metric import Metric
from aeexp.metrics.ssim import WINDOW, similarity

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the scales, the finest first; those that fit are divided by their sum."""


@dataclass(frozen=True)
class MsSsim(Metric):
    """SSIM over up to five scales, each half as fine as the one before: 1 where the images are the same.

    Wang, Simoncelli and Bovik, "Multiscale structural similarity for image quality assessment", 2003, as
    `tf.image.ssim_multiscale` computes it. A scale needs a window of 11 pixels, all five need sides of 176; smaller
    images have fewer scales, of 28×28 two, and below 22 the value is the SSIM, without its negative part.
    """

    label: ClassVar[str] = "MS-SSIM"
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    higher_is_better: ClassVar[bool] = True

    def __call__(self, targets: tf.Tensor, reconstructions: tf.Tensor) -> tf.Tensor:
        scales = _scales(min(targets.shape[1:3]))
        total, result = sum(WEIGHTS[:scales]), tf.constant(1.0, targets.dtype)
        for scale, weight in enumerate(WEIGHTS[:scales]):
            luminance, structure = similarity(targets, reconstructions)
            is_last = scale == scales - 1
            factor = tf.reduce_mean(luminance * structure if is_last else structure, [1, 2])
            result *= tf.pow(tf.nn.relu(factor), weight / total)
            if not is_last:
                targets, reconstructions = _half(targets), _half(reconstructions)
        return tf.reduce_mean(result, -1)


def _scales(side: int) -> int:
    """How many scales have sides of a window."""
    return max(1, sum(side // 2**scale >= WINDOW for scale in range(len(WEIGHTS))))


def _half(images: tf.Tensor) -> tf.Tensor:
    """Means of 2×2 pixels; an odd side is mirrored by one pixel."""
    height, width = images.shape[1:3]
    padded = tf.pad(images, [[0, 0], [0, height % 2], [0, width % 2], [0, 0]], "SYMMETRIC")
    return tf.nn.avg_pool2d(padded, 2, 2, "VALID")
