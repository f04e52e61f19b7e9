"""Finite scalar quantization: each number of the code is rounded to one of few levels."""

import math
from typing import ClassVar

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.bottleneck import Bottleneck, project
from aeexp.types import Outputs

MARGIN = 1e-3
"""By which the bounds lie beyond the outer levels, so that these are reached."""

MAX_ENTRIES = 2**20
"""Combinations of levels at most, which are counted one by one."""


class FiniteScalar(Bottleneck):
    """Vectors of d numbers of L_1, …, L_d levels each: a codebook of ∏ L_i entries without anything to learn.

    Mentzer, Minnen, Agustsson and Tschannen, "Finite Scalar Quantization: VQ-VAE Made Simple", 2023. Of each number u
    that the encoder gives, z = round(½·(L − 1)·(1 + ε)·tanh(u + s) − o), where o is ½ for an even L and else 0, and s
    makes u = 0 a 0 before the rounding; divided by ⌊L / 2⌋ it lies in [−1, 1]. The gradient passes straight through
    the rounding. A code is a grid [N, h, w, d] of such vectors, or [N, latent_dim, d].

    Args:
        levels: of the numbers of a vector, each at least 2.
    """

    has_entries: ClassVar[bool] = True

    def __init__(self, levels: list[int]) -> None:
        super().__init__(dtype="float32")
        if not levels or min(levels) < 2:
            raise ConfigError(f"`levels` must be numbers of at least 2, one or more. Received levels={levels}.")
        if math.prod(levels) > MAX_ENTRIES:
            raise ConfigError(
                f"`levels` must have a product of at most {MAX_ENTRIES:,}. Received levels={levels}, which have "
                f"{math.prod(levels):,}."
            )
        self.levels = tuple(levels)

    def parameters(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        size = len(self.levels)
        if latent_dim is None:
            return {"encoded": layers.Dense(size, name="encoded")(features)}
        encoded = project(features, latent_dim * size, "encoded")
        return {"encoded": layers.Reshape((latent_dim, size))(encoded)}

    def sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        ops, encoded = keras.ops, parameters["encoded"]
        bound, offset, shift, half = self._constants
        bounded = ops.tanh(ops.cast(encoded, "float32") + shift) * bound - offset
        return ops.cast((bounded + ops.stop_gradient(ops.round(bounded) - bounded)) / half, encoded.dtype)

    def nearest(self, latents: tf.Tensor) -> tf.Tensor:
        *_, half = self._constants
        return tf.clip_by_value(tf.round(tf.cast(latents, tf.float32) * half), *self._ends) / half

    def counts(self, codes: np.ndarray) -> np.ndarray:
        """Of the combinations of levels, the first number varying slowest."""
        *_, half = self._constants
        places = np.rint(codes.reshape(-1, len(self.levels)) * half - self._ends[0]).astype(int)
        return np.bincount(np.ravel_multi_index(places.T, self.levels), minlength=math.prod(self.levels))[np.newaxis]

    @property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The least and the greatest level before the division, float32 [d] each."""
        levels = np.array(self.levels)
        return (-(levels // 2)).astype(np.float32), ((levels - 1) // 2).astype(np.float32)

    @property
    def _constants(self) -> tuple[np.ndarray, ...]:
        """Bounds ½·(L − 1)·(1 + ε), offsets o, shifts s and halves ⌊L / 2⌋, float32 [d] each."""
        levels = np.array(self.levels)
        bound, offset = (levels - 1) * (1 + MARGIN) / 2, (levels % 2 == 0) / 2
        return tuple(each.astype(np.float32) for each in (bound, offset, np.arctanh(offset / bound), levels // 2))
