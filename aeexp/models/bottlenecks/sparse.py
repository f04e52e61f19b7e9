"""Sparse code: all but the largest numbers are zero."""

import math

import keras
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.bottleneck import Bottleneck, project
from aeexp.types import Outputs


class Sparse(Bottleneck):
    """The k largest numbers of a linear layer, the others set to 0 (a k-sparse autoencoder).

    Makhzani and Frey, "k-Sparse Autoencoders", 2014. Gradients pass through the numbers that are kept. The k largest
    are those of the whole code of an image, be it a grid or not; numbers as large as the smallest of them are kept too.

    Args:
        k: how many are kept, at least 1 and at most the size of the code.
    """

    def __init__(self, k: int) -> None:
        super().__init__()
        if k < 1:
            raise ConfigError(f"`k` must be at least 1. Received k={k}.")
        self.k = k

    def parameters(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        latent = project(features, latent_dim, "latent")
        if self.k > (size := math.prod(latent.shape[1:])):
            raise ConfigError(
                f"model.bottleneck: `k` must be at most the size of the code, {size:,}. Received k={self.k}; choose a "
                "smaller one or a larger model.latent_dim."
            )
        return {"latent": self._kept(latent, latent)}

    def sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        return parameters["latent"]

    def nearest(self, latents: tf.Tensor) -> tf.Tensor:
        """The codes with the k numbers of the largest magnitude."""
        return self._kept(latents, keras.ops.abs(latents))

    def _kept(self, latent: keras.KerasTensor, sizes: keras.KerasTensor) -> keras.KerasTensor:
        """Zeros in the place of all numbers of each code [N, …] but those of the k largest sizes."""
        ops, shape = keras.ops, tuple(latent.shape[1:])
        flat, sizes = (ops.reshape(each, (-1, math.prod(shape))) for each in (latent, sizes))
        least = ops.top_k(sizes, self.k)[0][:, -1:]
        return ops.reshape(flat * ops.cast(sizes >= least, flat.dtype), (-1, *shape))
