"""Squared error (L2)."""

from __future__ import annotations

from aeexp.lazy import tf
from aeexp.losses.loss import Loss, sum_over_image
from aeexp.types import Outputs


class Mse(Loss):
    """Squared error (L2): (t − r)², summed over pixels."""

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return sum_over_image(tf.square(targets - outputs["reconstruction"]))
