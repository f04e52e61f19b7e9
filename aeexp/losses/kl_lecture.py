"""The lecture's divergence, with its slip."""

from typing import ClassVar

import tensorflow as tf

from aeexp.losses.loss import Loss, sum_over_image
from aeexp.types import Outputs


class KlLecture(Loss):
    """−½·Σ(1 + s − μ² − eˢ) with s = log σ, summed over latents: the lecture's term, kept to repeat its numbers.

    The lecture draws with standard deviation eˢ but puts s here where log σ² belongs. The sum is no divergence: it
    is least where σ = 1 and μ = 0 as the exact one (`kl`) is, but there it curves a quarter as much in log σ.
    """

    needs: ClassVar[tuple[str, ...]] = ("mean", "log_variance")
    per_pixel: ClassVar[bool] = False

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        mean, log_deviation = outputs["mean"], outputs["log_variance"] / 2
        return -0.5 * sum_over_image(1 + log_deviation - tf.square(mean) - tf.exp(log_deviation))
