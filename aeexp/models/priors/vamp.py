"""VampPrior: a mixture of the posteriors of learned pseudo-inputs."""

import math
from typing import ClassVar, Literal

import keras
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.priors.mixture import Mixture
from aeexp.models.priors.prior import Prior
from aeexp.types import Outputs, Shape

SHARD = 64
"""Pseudo-inputs encoded on one thread; fixed, so that no number depends on how many threads there are."""


class Vamp(Prior):
    """p(z) = (1/K) Σ_k q(z|u_k) with K pseudo-inputs u_k, images that are learned, clipped to [0, 1].

    Tomczak and Welling, "VAE with a VampPrior", 2018, equation 9: "variational mixture of posteriors". The encoder is
    that of the model, so all of its weights are trained by the prior too. The divergence is estimated from one sample.

    Args:
        pseudo_inputs: K, at least 1; encoding them costs about as much as so many more images in each batch.
        initial_mean: mean of the normal distribution of the first gray values.
        initial_std: its standard deviation, above 0.
    """

    scope: ClassVar[Literal["image", "batch"]] = "batch"

    def __init__(self, pseudo_inputs: int, initial_mean: float, initial_std: float) -> None:
        super().__init__()
        if pseudo_inputs < 1:
            raise ConfigError(f"`pseudo_inputs` must be at least 1. Received pseudo_inputs={pseudo_inputs}.")
        if not 0 <= initial_mean <= 1:
            raise ConfigError(f"`initial_mean` must be from 0 to 1. Received initial_mean={initial_mean}.")
        if not 0 < initial_std < math.inf:
            raise ConfigError(f"`initial_std` must be above 0. Received initial_std={initial_std}.")
        self.count = pseudo_inputs
        self.first = (initial_mean, initial_std)

    def connect(self, encoder: keras.Model) -> None:
        if missing := {"mean", "log_variance"} - set(encoder.output):
            raise ConfigError(
                f"model.prior: Vamp mixes normal distributions, and this bottleneck gives no {' or '.join(missing)}; "
                "choose model/bottleneck=gaussian."
            )
        self._connected = lambda: encoder  # a function, as the layers of an attribute would count as those of the prior

    def build(self, shape: Shape) -> None:
        mean, std = self.first
        first = keras.initializers.RandomNormal(mean, std)
        shape = (self.count, *self._connected().inputs[0].shape[1:])
        self.images = self.add_weight(name="pseudo_inputs", shape=shape, initializer=first, dtype="float32")

    @property
    def pseudo_inputs(self) -> tf.Tensor:
        """The images u_k, float32 [K, h, w, c] in [0, 1]."""
        return tf.clip_by_value(tf.convert_to_tensor(self.images), 0.0, 1.0)

    def density(self, encoder: keras.Model | None = None) -> Mixture:
        """The mixture; its pseudo-inputs are encoded in shards that run in parallel."""
        network = encoder or self._connected()

        @tf.function(autograph=False)
        def encode(images: tf.Tensor) -> Outputs:
            outputs = network(images)
            return {name: tf.cast(outputs[name], tf.float32) for name in ("mean", "log_variance")}

        images = self.pseudo_inputs
        shards = [encode(images[start : start + SHARD]) for start in range(0, self.count, SHARD)]
        posteriors = tf.nest.map_structure(lambda *values: tf.concat(values, 0), *shards)
        return Mixture(tf.fill([self.count], -math.log(self.count)), posteriors["mean"], posteriors["log_variance"])

    def log_prob(self, latent: tf.Tensor) -> tf.Tensor:
        return self.density().log_prob(latent)

    def sample(self, seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
        return self.density().sample(seeds)
