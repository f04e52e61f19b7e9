"""Uniform prior of categories."""

import math
from typing import ClassVar

import tensorflow as tf

from aeexp.models.priors.prior import Prior
from aeexp.runtime.random import uniform
from aeexp.types import Outputs, Shape


class UniformCategories(Prior):
    """Each of the K categories of each part of the code has the probability 1 / K; these are along the last axis.

    Against a categorical posterior π the divergence is Σ_k π_k·log(K·π_k) for each part (Jang, Gu and Poole,
    "Categorical Reparameterization with Gumbel-Softmax", 2017).
    """

    support: ClassVar[str] = "categories"

    def __init__(self) -> None:
        super().__init__()

    def sample(self, seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
        return tf.one_hot(tf.argmax(uniform(seeds, shape), -1), shape[-1])

    def log_prob(self, latent: tf.Tensor) -> tf.Tensor:
        """−log K for each part; of relaxed codes a linear continuation."""
        return -math.log(latent.shape[-1]) * tf.reduce_sum(latent, list(range(1, latent.shape.rank)))

    def kl(self, parameters: Outputs, latent: tf.Tensor, log_posterior: tf.Tensor) -> tf.Tensor:
        parts = self.kl_per_dimension(parameters)
        if parts is None:
            return super().kl(parameters, latent, log_posterior)
        return tf.reduce_sum(parts, list(range(1, parts.shape.rank)))

    def kl_per_dimension(self, parameters: Outputs) -> tf.Tensor | None:
        if "logits" not in parameters:
            return None
        logits = tf.convert_to_tensor(parameters["logits"])
        logarithms = tf.nn.log_softmax(logits)
        return math.log(logits.shape[-1]) + tf.reduce_sum(tf.exp(logarithms) * logarithms, -1)
