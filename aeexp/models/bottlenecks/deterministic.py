"""Deterministic code: one code per image."""

import keras
import tensorflow as tf

from aeexp.models.bottlenecks.bottleneck import Bottleneck, project
from aeexp.types import Outputs


class Deterministic(Bottleneck):
    """A plain autoencoder's code: the features themselves, or a linear layer of `latent_dim` numbers."""

    def __init__(self) -> None:
        super().__init__()

    def parameters(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        return {"latent": features if latent_dim is None else project(features, latent_dim, "latent")}

    def sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        return parameters["latent"]
