"""Negative log-likelihood of gray pixels under a continuous Bernoulli distribution."""

from __future__ import annotations

import math
from typing import ClassVar

from aeexp.lazy import keras, tf
from aeexp.losses.loss import Loss, sum_over_image
from aeexp.types import Outputs

NEAR_HALF = 0.1
"""Of |1 − 2r|; below it, the normalizer is a series: its quotient is 0/0 at r = ½."""


class ContinuousBernoulli(Loss):
    """−log CB(t; r) = −t·log(r) − (1 − t)·log(1 − r) − log C(r), summed over pixels, in nats.

    C(r) = 2·artanh(1 − 2r) / (1 − 2r), which is 2 at r = ½, makes the binary cross-entropy a density of gray values in
    [0, 1]. Loaiza-Ganem and Cunningham, "The continuous Bernoulli: fixing a pervasive error in variational
    autoencoders", 2019. The reconstruction is the parameter r; the mean of the distribution is nearer to ½.
    """

    output_activation: ClassVar[str | None] = "sigmoid"
    is_likelihood: ClassVar[bool] = True

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        epsilon = keras.config.epsilon()
        parameters = tf.clip_by_value(outputs["reconstruction"], epsilon, 1 - epsilon)
        log_white, log_black = tf.math.log(parameters), tf.math.log1p(-parameters)
        cross_entropy = -targets * log_white - (1 - targets) * log_black
        return sum_over_image(cross_entropy - _log_normalizer(1 - 2 * parameters, log_black - log_white))


def _log_normalizer(x: tf.Tensor, twice_artanh: tf.Tensor) -> tf.Tensor:
    """log(2·artanh(x) / x) of x = 1 − 2r."""
    is_near = tf.abs(x) < NEAR_HALF
    quotient = tf.where(is_near, 2.0, twice_artanh) / tf.where(is_near, 1.0, x)  # no 0/0, in the gradient neither
    square = tf.where(is_near, tf.square(x), 0.0)
    series = math.log(2) + tf.math.log1p(square * (1 / 3 + square * (1 / 5 + square / 7)))
    return tf.where(is_near, series, tf.math.log(quotient))
