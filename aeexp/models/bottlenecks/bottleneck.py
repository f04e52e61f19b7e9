"""The contract of a bottleneck."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import keras
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

    @abstractmethod
    def parameters(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        """The named outputs that end the encoder; called once, before anything is sampled.

        Args:
            features: [N, …] of the architecture's encoder.
            latent_dim: the size of the code; None keeps the shape of the features.
        """

    @abstractmethod
    def sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        """The latent of each image, [N, latent_dim] or the shape of the features.

        Args:
            parameters: the encoder's outputs.
            seeds: uint32 [N, 2], one per image; None takes the most likely latent.
        """

    def log_prob(self, parameters: Outputs, latent: tf.Tensor) -> tf.Tensor:
        """The log density of latents under the distribution of their images, float32 [N], in nats.

        Raises:
            NotImplementedError: where the codes have none.
        """
        raise NotImplementedError(f"{type(self).__name__} has no density.")

    def statistics(self, outputs: Outputs, present: tf.Tensor) -> dict[str, tf.Tensor]:
        """Sums over some images of a training batch, for `update`; none for a bottleneck that is trained by gradients.

        Args:
            outputs: of the model, float32.
            present: float32 [N], 0 for images that only fill a batch.
        """
        return {}

    def update(self, statistics: Mapping[str, tf.Tensor]) -> None:
        """Set weights that no gradient trains, after a training step, from the sums over its batch."""


def project(features: keras.KerasTensor, latent_dim: int | None, name: str) -> keras.KerasTensor:
    """A linear layer to `latent_dim` numbers, or over the channels alone where the shape is kept."""
    if latent_dim is None:
        return layers.Dense(features.shape[-1], name=name)(features)
    flat = layers.Flatten()(features) if len(features.shape) > 2 else features
    return layers.Dense(latent_dim, name=name)(flat)
