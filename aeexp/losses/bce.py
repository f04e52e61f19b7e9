"""Binary cross-entropy."""

from __future__ import annotations

from typing import ClassVar

from aeexp.lazy import keras, tf
from aeexp.losses.loss import Loss, sum_over_image
from aeexp.types import Outputs


class Bce(Loss):
    """Binary cross-entropy: −t·log(r) − (1 − t)·log(1 − r), summed over pixels.

    Treats each reconstructed value as the probability that the pixel is white: for black and white images it is the
    negative log-likelihood of a Bernoulli distribution, in nats.
    """

    output_activation: ClassVar[str | None] = "sigmoid"
    is_likelihood: ClassVar[bool] = True

    @property
    def of_binary_pixels(self) -> bool:
        return True

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return sum_over_image(keras.ops.binary_crossentropy(targets, outputs["reconstruction"]))
