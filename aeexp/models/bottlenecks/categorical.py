"""Categorical code: each part of the code is one of several categories, drawn by the Gumbel-softmax."""

from collections.abc import Mapping
from math import inf
from typing import ClassVar

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.bottleneck import Bottleneck, project
from aeexp.runtime.random import uniform
from aeexp.types import Outputs


class Categorical(Bottleneck):
    """One-hot vectors z = onehot(argmax_k(log π_k + g_k)), with g_k from the standard Gumbel distribution.

    Jang, Gu and Poole, "Categorical Reparameterization with Gumbel-Softmax", 2017; Maddison, Mnih and Teh, "The
    Concrete Distribution", 2017. In training z is relaxed to softmax((log π + g) / τ), through which gradients pass,
    or with `hard` keeps its value and takes that gradient (straight-through). The temperature of training step t is
    τ = max(min_temperature, temperature·exp(−rate·t)). Evaluations draw exact samples, and codes are the most likely
    categories. A code is a grid [N, h, w, K] of K categories, or [N, latent_dim, K].

    Args:
        categories: K of each part of the code, at least 2.
        temperature: τ at the beginning, above 0.
        min_temperature: the least τ, above 0 and at most `temperature`.
        rate: at which τ falls in each training step, at least 0; 0 keeps it.
        hard: whether codes are one-hot in training as well.
    """

    probabilistic: ClassVar[bool] = True
    support: ClassVar[str] = "categories"
    mode_output: ClassVar[str] = "mode"
    has_entries: ClassVar[bool] = True

    def __init__(self, categories: int, temperature: float, min_temperature: float, rate: float, hard: bool) -> None:
        super().__init__(dtype="float32")
        if categories < 2:
            raise ConfigError(f"`categories` must be at least 2. Received categories={categories}.")
        if not 0 < temperature < inf:
            raise ConfigError(f"`temperature` must be above 0. Received temperature={temperature}.")
        if not 0 < min_temperature <= temperature:
            raise ConfigError(
                f"`min_temperature` must be above 0 and at most the temperature of {temperature}. Received "
                f"min_temperature={min_temperature}."
            )
        if not 0 <= rate < inf:
            raise ConfigError(f"`rate` must be at least 0. Received rate={rate}.")
        self.categories, self.hard = categories, hard
        self.temperature, self.min_temperature, self.rate = temperature, min_temperature, rate

    def parameters(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        self.steps = self.add_weight(name="steps", shape=(), initializer="zeros", trainable=False)
        if latent_dim is None:
            logits = layers.Dense(self.categories, name="logits")(features)
        else:
            flat = project(features, latent_dim * self.categories, "logits")
            logits = layers.Reshape((latent_dim, self.categories))(flat)
        mode = keras.ops.one_hot(keras.ops.argmax(logits, -1), self.categories, dtype=logits.dtype)
        return {"logits": logits, "mode": mode}

    def sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        if seeds is None:
            return parameters["mode"]
        return self._one_hot(_disturbed(parameters["logits"], seeds))

    def training_sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        if seeds is None:
            return parameters["mode"]
        disturbed = _disturbed(parameters["logits"], seeds)
        relaxed = tf.nn.softmax(disturbed / tf.cast(self.current_temperature(), disturbed.dtype))
        return relaxed + tf.stop_gradient(self._one_hot(disturbed) - relaxed) if self.hard else relaxed

    def current_temperature(self) -> tf.Tensor:
        """τ of the next training step, float32."""
        return tf.maximum(
            self.min_temperature, self.temperature * tf.exp(-self.rate * tf.convert_to_tensor(self.steps))
        )

    def log_prob(self, parameters: Outputs, latent: tf.Tensor) -> tf.Tensor:
        """Σ z·log π; of relaxed codes the linear continuation of the probability of one-hot ones."""
        return tf.reduce_sum(latent * tf.nn.log_softmax(parameters["logits"]), list(range(1, latent.shape.rank)))

    def nearest(self, latents: tf.Tensor) -> tf.Tensor:
        return self._one_hot(tf.convert_to_tensor(latents))

    def counts(self, codes: np.ndarray) -> np.ndarray:
        return np.rint(codes.reshape(len(codes), -1, self.categories).sum(axis=0)).astype(np.int64)

    def statistics(self, outputs: Outputs, present: tf.Tensor) -> dict[str, tf.Tensor]:
        """The number of images, of which there are some in each step."""
        return {"images": tf.reduce_sum(present)}

    def update(self, statistics: Mapping[str, tf.Tensor]) -> None:
        self.steps.assign_add(1.0)

    def _one_hot(self, values: tf.Tensor) -> tf.Tensor:
        return tf.one_hot(tf.argmax(values, -1), self.categories, dtype=values.dtype)


def _disturbed(logits: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
    """Logits with Gumbel noise −log(−log u); the category of the largest is a draw from their softmax."""
    noise = -tf.math.log(-tf.math.log(uniform(seeds, tuple(logits.shape[1:]))))
    return logits + tf.cast(noise, logits.dtype)
