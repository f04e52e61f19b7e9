"""A normal distribution an image."""

from dataclasses import dataclass

import keras
import tensorflow as tf

from aeexp.models.bottlenecks.bottleneck import Bottleneck, project
from aeexp.runtime.random import normal
from aeexp.types import Outputs


@dataclass(frozen=True)
class Gaussian(Bottleneck):
    """A variational autoencoder's: z = mean + exp(log_variance / 2) · ε with ε from N(0, 1).

    Kingma and Welling, "Auto-Encoding Variational Bayes", 2014, section 2.4.
    """

    def heads(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        return {name: project(features, latent_dim, name) for name in ("mean", "log_variance")}

    def draw(self, code: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        mean = code["mean"]
        if seeds is None:
            return mean
        epsilon = tf.cast(normal(seeds, tuple(mean.shape[1:])), mean.dtype)
        return mean + tf.exp(code["log_variance"] / 2) * epsilon
