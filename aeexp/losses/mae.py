"""Absolute error (L1)."""

from __future__ import annotations

from aeexp.lazy import tf
from aeexp.losses.loss import Loss, sum_over_image
from aeexp.types import Outputs


class Mae(Loss):
    """Absolute error (L1): |t − r|, summed over pixels; blurs edges less than the squared error."""

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return sum_over_image(tf.abs(targets - outputs["reconstruction"]))
