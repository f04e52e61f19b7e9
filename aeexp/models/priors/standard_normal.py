"""Standard normal prior."""

import math

import tensorflow as tf

from aeexp.models.priors.prior import Prior
from aeexp.runtime.random import normal
from aeexp.types import Outputs, Shape


class StandardNormal(Prior):
    """N(0, 1), independent in each dimension of the code.

    Against a Gaussian posterior the divergence is −½·(1 + log σ² − μ² − σ²) in each dimension (Kingma and Welling,
    "Auto-Encoding Variational Bayes", 2014, appendix B).
    """

    def __init__(self) -> None:
        super().__init__()

    def sample(self, seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
        return normal(seeds, shape)

    def log_prob(self, latent: tf.Tensor) -> tf.Tensor:
        axes = list(range(1, latent.shape.rank))
        return -0.5 * tf.reduce_sum(tf.square(latent) + math.log(2 * math.pi), axes)

    def kl(self, parameters: Outputs, latent: tf.Tensor, log_posterior: tf.Tensor) -> tf.Tensor:
        if not {"mean", "log_variance"} <= set(parameters):
            return super().kl(parameters, latent, log_posterior)
        mean, log_variance = parameters["mean"], parameters["log_variance"]
        return -0.5 * (1 + log_variance - tf.square(mean) - tf.exp(log_variance))
