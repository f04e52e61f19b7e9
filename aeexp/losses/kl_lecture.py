"""KL term of `experiment=vae_lecture`, not an exact divergence."""

from __future__ import annotations

from typing import ClassVar

from aeexp.lazy import tf
from aeexp.losses.loss import Loss, sum_over_image
from aeexp.types import Outputs


class KlLecture(Loss):
    """KL term of `experiment=vae_lecture`: −½·Σ(1 + s − μ² − eˢ) with s = log σ, summed over latents.

    It reproduces the validation loss that the lecture printed. The lecture samples with standard deviation eˢ but uses
    s in place of log σ² in this term. The result is not a divergence: its minimum is at σ = 1 and μ = 0, as for the
    exact `kl`, but its curvature in log σ there is a quarter.
    """

    needs: ClassVar[tuple[str, ...]] = ("mean", "log_variance")
    per_pixel: ClassVar[bool] = False

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        mean, log_std = outputs["mean"], outputs["log_variance"] / 2
        return -0.5 * sum_over_image(1 + log_std - tf.square(mean) - tf.exp(log_std))
