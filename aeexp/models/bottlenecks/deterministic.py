"""One code an image."""

from dataclasses import dataclass

import keras
import tensorflow as tf

from aeexp.models.bottlenecks.bottleneck import Bottleneck, project
from aeexp.types import Outputs


@dataclass(frozen=True)
class Deterministic(Bottleneck):
    """A plain autoencoder's: the features themselves, or a linear layer of `latent_dim` numbers."""

    def heads(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        return {"latent": features if latent_dim is None else project(features, latent_dim, "latent")}

    def draw(self, code: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        return code["latent"]
