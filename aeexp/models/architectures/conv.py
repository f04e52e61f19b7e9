"""Convolutional encoder and decoder."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aeexp.errors import ConfigError
from aeexp.lazy import keras, layers
from aeexp.models.architectures.architecture import Architecture
from aeexp.types import Shape


@dataclass(frozen=True)
class Conv(Architecture):
    """Convolutional encoder and decoder for images of any size.

    The encoder repeats convolution and 2×2 max pooling until the features are small; the decoder repeats convolution
    and 2× upsampling. The defaults for images of 28×28×1 give the network of `experiment=autoencoder`, with a code of
    4×4×8.

    Args:
        stem_filters: number of filters of the first convolution of the encoder and the last hidden one of the decoder.
        filters: number of filters of all other convolutions, and so the depth of the code.
        code_size: maximum height and width of the code in pixels.
    """

    stem_filters: int
    filters: int
    code_size: int

    def __post_init__(self) -> None:
        for name in ("stem_filters", "filters", "code_size"):
            if getattr(self, name) < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={getattr(self, name)}.")

    def encoder(self, input_shape: Shape) -> keras.Model:
        images = features = keras.Input(input_shape)
        for depth in range(self._halvings(input_shape)):
            features = _convolution(self.stem_filters if depth == 0 else self.filters)(features)
            features = layers.MaxPooling2D(2, padding="same")(features)
        return keras.Model(images, features, name="encoder")

    def decoder(self, code_shape: Shape, output_shape: Shape) -> keras.Model:
        code = keras.Input(code_shape)
        features = code if len(code_shape) == 3 else self._to_grid(code, output_shape)
        doublings = _doublings(features.shape[1:3], output_shape)
        for remaining in range(doublings, 0, -1):
            filters = self.stem_filters if remaining == 1 else self.filters
            padding = "valid" if remaining == 1 and _exceeds_by_border(features.shape[1:3], output_shape) else "same"
            features = _convolution(filters, padding)(features)
            features = layers.UpSampling2D(2)(features)
        images = layers.Conv2D(output_shape[2], 3, activation="sigmoid", padding="same")(features)
        return keras.Model(code, _crop(images, output_shape), name="decoder")

    def _halvings(self, shape: Shape) -> int:
        return max(0, math.ceil(math.log2(max(shape[:2]) / self.code_size)))

    def _to_grid(self, code: keras.KerasTensor, output_shape: Shape) -> keras.KerasTensor:
        """A code vector as features on the coarsest grid."""
        scale = 2 ** self._halvings(output_shape)
        grid = (math.ceil(output_shape[0] / scale), math.ceil(output_shape[1] / scale), self.filters)
        return layers.Reshape(grid)(layers.Dense(math.prod(grid), activation="relu")(code))


def _convolution(filters: int, padding: str = "same") -> layers.Layer:
    return layers.Conv2D(filters, 3, activation="relu", padding=padding)


def _doublings(grid: Shape, output_shape: Shape) -> int:
    return max(0, *(math.ceil(math.log2(size / start)) for start, size in zip(grid, output_shape, strict=False)))


def _exceeds_by_border(grid: Shape, output_shape: Shape) -> bool:
    """Whether the grid before the last doubling is too large by exactly the border that a valid 3×3 removes."""
    return all(start - math.ceil(size / 2) == 2 for start, size in zip(grid, output_shape, strict=False))


def _crop(images: keras.KerasTensor, output_shape: Shape) -> keras.KerasTensor:
    surplus = [have - want for have, want in zip(images.shape[1:3], output_shape, strict=False)]
    if not any(surplus):
        return images
    return layers.Cropping2D([(n // 2, n - n // 2) for n in surplus])(images)
