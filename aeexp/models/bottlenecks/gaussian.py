"""Gaussian code: a normal distribution per image, as in a variational autoencoder."""

import math
from typing import ClassVar

import keras
import tensorflow as tf

from aeexp.models.bottlenecks.bottleneck import Bottleneck, project
from aeexp.runtime.random import normal
from aeexp.types import Outputs

MAX_LOG_VARIANCE = 30.0
"""Bound of log σ² in both directions, far beyond what a code needs: neither σ² nor 1/σ² overflows in float32."""


class Gaussian(Bottleneck):
    """z = mean + exp(log_variance / 2) · ε with ε from N(0, 1): independent dimensions.

    Kingma and Welling, "Auto-Encoding Variational Bayes", 2014, section 2.4.
    """

    probabilistic: ClassVar[bool] = True
    mode_output: ClassVar[str] = "mean"

    def __init__(self) -> None:
        super().__init__()

    def parameters(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        mean, log_variance = (project(features, latent_dim, name) for name in ("mean", "log_variance"))
        return {"mean": mean, "log_variance": keras.ops.clip(log_variance, -MAX_LOG_VARIANCE, MAX_LOG_VARIANCE)}

    def sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        mean = parameters["mean"]
        if seeds is None:
            return mean
        epsilon = tf.cast(normal(seeds, tuple(mean.shape[1:])), mean.dtype)
        return mean + tf.exp(parameters["log_variance"] / 2) * epsilon

    def log_prob(self, parameters: Outputs, latent: tf.Tensor) -> tf.Tensor:
        mean, log_variance = parameters["mean"], parameters["log_variance"]
        squares = tf.square(latent - mean) * tf.exp(-log_variance)
        return -0.5 * tf.reduce_sum(squares + log_variance + math.log(2 * math.pi), list(range(1, mean.shape.rank)))
