"""Standard normal prior."""

import math
from typing import ClassVar

import tensorflow as tf

from aeexp.models.priors.prior import Prior
from aeexp.runtime.random import normal
from aeexp.types import Outputs, Shape


class StandardNormal(Prior):
    """N(0, 1), independent in each dimension of the code.

    Against a Gaussian posterior the divergence is −½·(1 + log σ² − μ² − σ²) in each dimension (Kingma and Welling,
    "Auto-Encoding Variational Bayes", 2014, appendix B).
    """

    is_standard_normal: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()

    def sample(self, seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
        return normal(seeds, shape)

    def log_prob(self, latent: tf.Tensor) -> tf.Tensor:
        axes = list(range(1, latent.shape.rank))
        return -0.5 * tf.reduce_sum(tf.square(latent) + math.log(2 * math.pi), axes)

    def kl(self, parameters: Outputs, latent: tf.Tensor, log_posterior: tf.Tensor) -> tf.Tensor:
        if "log_variance" not in parameters:
            return super().kl(parameters, latent, log_posterior)
        axes = list(range(1, latent.shape.rank))
        return -0.5 * tf.reduce_sum(_inner(parameters), axes)

    def kl_per_dimension(self, parameters: Outputs) -> tf.Tensor | None:
        return -0.5 * _inner(parameters) if "log_variance" in parameters else None


def _inner(parameters: Outputs) -> tf.Tensor:
    """1 + log σ² − μ² − σ²."""
    mean, log_variance = parameters["mean"], parameters["log_variance"]
    return 1 + log_variance - tf.square(mean) - tf.exp(log_variance)
