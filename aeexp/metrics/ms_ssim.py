"""Multi-scale structural similarity (MS-SSIM)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.lazy import tf
from aeexp.metrics.metric import Metric
from aeexp.runtime.structural_similarity import multiscale_similarity


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
        return multiscale_similarity(targets, reconstructions)
