"""The contract of a bottleneck."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from aeexp.types import Outputs


class Bottleneck(layers.Layer, ABC):
    """Bottleneck between encoder and decoder: the distribution q(z|x) of the code of each image.

    A Keras layer whose constructor arguments are its config. Weights of its own, such as a codebook, are made by
    `add_weight` in `parameters`, and are trained, saved and resumed with those of the networks.
    """

    probabilistic: ClassVar[bool] = False
    """Whether codes have a density, `log_prob`, which a prior can be held against."""

    support: ClassVar[str] = "real"
    """Where codes with a density lie, as those of a prior: `real` numbers, the unit `sphere`, one-hot `categories`."""

    mode_output: ClassVar[str] = "latent"
    """The output that holds the most likely code of each image."""

    penalty_names: ClassVar[tuple[str, ...]] = ()
    """What `penalties` gives."""

    @abstractmethod
    def parameters(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        """The named outputs that end the encoder; called once, before anything is sampled.

        Args:
            features: [N, …] of the architecture's encoder.
            latent_dim: the size of the code; None keeps the shape of the features.
        """

    @abstractmethod
    def sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        """The latent of each image, [N, latent_dim] or a grid as that of the features.

        Where each part of a code is a vector or a category, its numbers are along an additional last axis.

        Args:
            parameters: the encoder's outputs.
            seeds: uint32 [N, 2], one per image; None takes the most likely latent.
        """

    def training_sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        """The latent of each image in training, where it may be a relaxed one that gradients pass through."""
        return self.sample(parameters, seeds)

    def nearest(self, latents: tf.Tensor) -> tf.Tensor:
        """The nearest codes that the bottleneck can give to latents [N, …] that were changed; here these themselves."""
        return latents

    def penalties(self, outputs: Outputs) -> dict[str, tf.Tensor]:
        """What the bottleneck itself measures for loss terms, each float32 [N].

        Args:
            outputs: of the model, float32.
        """
        return {}

    has_entries: ClassVar[bool] = False
    """Whether codes are made of entries of a codebook, or of categories, which `counts` counts."""

    def counts(self, codes: np.ndarray) -> np.ndarray | None:
        """How often each entry is taken in codes [N, …]; None for codes that are not made of entries.

        Returns:
            int64 [G, K] of K entries, where G parts of the code have entries of their own, or 1 for common ones.
        """
        return None

    def log_prob(self, parameters: Outputs, latent: tf.Tensor) -> tf.Tensor:
        """The log density of latents under the distribution of their images, float32 [N], in nats.

        Raises:
            NotImplementedError: where the codes have none.
        """
        raise NotImplementedError(f"{type(self).__name__} has no density.")

    def statistics(self, outputs: Outputs, present: tf.Tensor) -> dict[str, tf.Tensor]:
        """What `update` needs of some images of a training batch; nothing for a bottleneck trained by gradients alone.

        Args:
            outputs: of the model, float32.
            present: float32 [N], 0 for images that only fill a batch.
        """
        return {}

    def combine(self, one: Mapping[str, tf.Tensor], other: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        """The statistics of two parts of a batch as those of both, which here are sums."""
        return {name: value + other[name] for name, value in one.items()}

    def update(self, statistics: Mapping[str, tf.Tensor]) -> None:
        """Set weights that no gradient trains, after a training step, from the statistics of its batch."""


def project(features: keras.KerasTensor, latent_dim: int | None, name: str) -> keras.KerasTensor:
    """A linear layer to `latent_dim` numbers, or over the channels alone where the shape is kept."""
    if latent_dim is None:
        return layers.Dense(features.shape[-1], name=name)(features)
    flat = layers.Flatten()(features) if len(features.shape) > 2 else features
    return layers.Dense(latent_dim, name=name)(flat)
