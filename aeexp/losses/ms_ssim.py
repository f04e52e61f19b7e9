"""Multi-scale structural similarity (MS-SSIM) as a loss."""

from __future__ import annotations

import math
from typing import ClassVar

from aeexp.lazy import tf
from aeexp.losses.loss import Loss
from aeexp.runtime.structural_similarity import multiscale_similarity
from aeexp.types import Outputs

LEAST = 1e-3
"""Of the similarity of a scale: below it, its root would have a gradient without bound."""


class MsSsim(Loss):
    """1 − MS-SSIM(t, r), times the number of pixels, as the other terms are sums; goes well with `mae`.

    Zhao, Gallo, Frosio and Kautz, "Loss Functions for Image Restoration with Neural Networks", 2017. What is reported
    is the MS-SSIM itself, as the metric of that name; images below 176 pixels have fewer scales, as there.
    """

    higher_is_better: ClassVar[bool] = True

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        similarity = multiscale_similarity(targets, outputs["reconstruction"], LEAST)
        return math.prod(targets.shape[1:]) * (1 - similarity)

    def reported(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return multiscale_similarity(targets, outputs["reconstruction"])
