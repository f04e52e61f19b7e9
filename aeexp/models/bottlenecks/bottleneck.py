"""The contract of a bottleneck."""

from abc import ABC, abstractmethod

import keras
import tensorflow as tf
from keras import layers

from aeexp.types import Outputs


class Bottleneck(ABC):
    """What stands between encoder and decoder, and what kind of code passes it."""

    @abstractmethod
    def heads(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        """The named outputs that end the encoder.

        Args:
            features: [N, …] of the architecture's encoder.
            latent_dim: the size of the code; None keeps the shape of the features.
        """

    @abstractmethod
    def draw(self, code: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        """The latent of each image, [N, latent_dim] or the shape of the features.

        Args:
            code: what the heads gave.
            seeds: uint32 [N, 2], one an image; None takes the most likely latent.
        """


def project(features: keras.KerasTensor, latent_dim: int | None, name: str) -> keras.KerasTensor:
    """A linear layer to `latent_dim` numbers, or over the channels alone where the shape is kept."""
    if latent_dim is None:
        return layers.Dense(features.shape[-1], name=name)(features)
    flat = layers.Flatten()(features) if len(features.shape) > 2 else features
    return layers.Dense(latent_dim, name=name)(flat)
