"""Squared length of the code."""

from __future__ import annotations

from typing import ClassVar

from aeexp.lazy import tf
from aeexp.losses.loss import Loss, sum_over_image
from aeexp.types import Outputs


class LatentNorm(Loss):
    """½·‖z‖², summed over the code: keeps codes near 0, where a density is fitted to them afterwards.

    Ghosh, Sajjadi, Vergari, Black and Schölkopf, "From Variational to Deterministic Autoencoders", 2020, equation 7;
    the weight is their β.
    """

    needs: ClassVar[tuple[str, ...]] = ("latent",)
    per_pixel: ClassVar[bool] = False

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return 0.5 * sum_over_image(tf.square(outputs["latent"]))
