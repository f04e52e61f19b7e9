"""Structural similarity (SSIM)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.lazy import tf
from aeexp.metrics.metric import Metric
from aeexp.runtime.structural_similarity import similarity


@dataclass(frozen=True)
class Ssim(Metric):
    """Structural similarity: 1 where the images are the same.

    Wang et al., "Image quality assessment: from error visibility to structural similarity", 2004, with its Gaussian
    window of 11 pixels and σ = 1.5, as `tf.image.ssim` computes it. Along a side of fewer than 11 pixels the window
    is the longest odd one that fits.
    """

    label: ClassVar[str] = "SSIM"
    range: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    higher_is_better: ClassVar[bool] = True

    def __call__(self, targets: tf.Tensor, reconstructions: tf.Tensor) -> tf.Tensor:
        luminance, structure = similarity(targets, reconstructions)
        return tf.reduce_mean(luminance * structure, [1, 2, 3])
