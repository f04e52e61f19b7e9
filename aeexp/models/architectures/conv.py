"""Convolutional encoder and decoder."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aeexp.errors import ConfigError
from aeexp.lazy import keras, layers
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.architectures.hidden import (
    ACTIVATIONS,
    NONE,
    NORMALIZATIONS,
    OUTPUT_ACTIVATIONS,
    check_choice,
    hidden,
)
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
        activation: of the hidden layers.
        normalization: of the hidden layers.
        strided: whether convolutions with a stride of 2 and transposed ones take the place of pooling and upsampling.
        output_activation: of the decoder's last layer; None takes the one that the loss needs.
    """

    stem_filters: int
    filters: int
    code_size: int
    activation: str = "relu"
    normalization: str = "none"
    strided: bool = False
    output_activation: str | None = None

    def __post_init__(self) -> None:
        for name in ("stem_filters", "filters", "code_size"):
            if getattr(self, name) < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={getattr(self, name)}.")
        check_choice("activation", self.activation, ACTIVATIONS)
        check_choice("normalization", self.normalization, NORMALIZATIONS)
        if self.output_activation is not None:
            check_choice("output_activation", self.output_activation, OUTPUT_ACTIVATIONS)

    def encoder(self, input_shape: Shape) -> keras.Model:
        images = features = keras.Input(input_shape)
        for depth in range(self._halvings(input_shape)):
            features = self._halved(features, self.stem_filters if depth == 0 else self.filters)
        return keras.Model(images, features, name="encoder")

    def decoder(self, code_shape: Shape, output_shape: Shape) -> keras.Model:
        code = keras.Input(code_shape)
        features = code if len(code_shape) == 3 else self._to_grid(code, output_shape)
        doublings = _doublings(features.shape[1:3], output_shape)
        for remaining in range(doublings, 0, -1):
            is_last = remaining == 1
            padding = "valid" if is_last and _exceeds_by_border(features.shape[1:3], output_shape) else "same"
            features = self._doubled(features, self.stem_filters if is_last else self.filters, padding)
        activation = self.output_activation or "sigmoid"
        images = layers.Conv2D(output_shape[2], 3, activation=activation, padding="same")(features)
        return keras.Model(code, _crop(images, output_shape), name="decoder")

    def _halved(self, features: keras.KerasTensor, filters: int) -> keras.KerasTensor:
        """Features at half the resolution."""
        if self.strided:
            return self._hidden(layers.Conv2D, features, filters, strides=2, padding="same")
        return layers.MaxPooling2D(2, padding="same")(self._hidden(layers.Conv2D, features, filters, padding="same"))

    def _doubled(self, features: keras.KerasTensor, filters: int, padding: str) -> keras.KerasTensor:
        """Features at twice the resolution; a valid padding removes a border before, where there is pooling."""
        if self.strided:
            return self._hidden(layers.Conv2DTranspose, features, filters, strides=2, padding="same")
        return layers.UpSampling2D(2)(self._hidden(layers.Conv2D, features, filters, padding=padding))

    def _hidden(
        self, kind: type[layers.Layer], features: keras.KerasTensor, filters: int, **options: int | str
    ) -> keras.KerasTensor:
        def make(activation: str) -> layers.Layer:
            return kind(filters, 3, activation=activation, **options)

        return hidden(make, features, self.activation, self.normalization)

    def _halvings(self, shape: Shape) -> int:
        return max(0, math.ceil(math.log2(max(shape[:2]) / self.code_size)))

    def _to_grid(self, code: keras.KerasTensor, output_shape: Shape) -> keras.KerasTensor:
        """A code without places in the image as features on the coarsest grid."""
        scale = 2 ** self._halvings(output_shape)
        grid = (math.ceil(output_shape[0] / scale), math.ceil(output_shape[1] / scale), self.filters)
        flat = layers.Flatten()(code) if len(code.shape) > 2 else code
        features = hidden(
            lambda activation: layers.Dense(math.prod(grid), activation=activation), flat, self.activation, NONE
        )
        return layers.Reshape(grid)(features)


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
