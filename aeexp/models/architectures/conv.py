"""The lecture's convolutional network, for images of any size."""

import math
from dataclasses import dataclass

import keras
from keras import layers

from aeexp.errors import ConfigError
from aeexp.models.architectures.architecture import Architecture
from aeexp.types import Shape


@dataclass(frozen=True)
class Conv(Architecture):
    """Halves the image by convolution and pooling until it is small, and doubles it back.

    For 28×28×1 with (16, 8, 4) this is the lecture's network, weight for weight: its code is 4×4×8.

    Args:
        stem_filters: of the convolution next to the image, on either side.
        filters: of all other convolutions, and so the depth of the code.
        code_size: pool until neither side is larger than this, in pixels.
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
        features = code if len(code_shape) == 3 else self._unfold(code, output_shape)
        doublings = _doublings(features.shape[1:3], output_shape)
        for remaining in range(doublings, 0, -1):
            filters = self.stem_filters if remaining == 1 else self.filters
            padding = "valid" if remaining == 1 and _has_a_rim(features.shape[1:3], output_shape) else "same"
            features = _convolution(filters, padding)(features)
            features = layers.UpSampling2D(2)(features)
        images = layers.Conv2D(output_shape[2], 3, activation="sigmoid", padding="same")(features)
        return keras.Model(code, _crop(images, output_shape), name="decoder")

    def _halvings(self, shape: Shape) -> int:
        return max(0, math.ceil(math.log2(max(shape[:2]) / self.code_size)))

    def _unfold(self, code: keras.KerasTensor, output_shape: Shape) -> keras.KerasTensor:
        scale = 2 ** self._halvings(output_shape)
        grid = (math.ceil(output_shape[0] / scale), math.ceil(output_shape[1] / scale), self.filters)
        return layers.Reshape(grid)(layers.Dense(math.prod(grid), activation="relu")(code))


def _convolution(filters: int, padding: str = "same") -> layers.Layer:
    return layers.Conv2D(filters, 3, activation="relu", padding=padding)


def _doublings(grid: Shape, output_shape: Shape) -> int:
    return max(0, *(math.ceil(math.log2(size / start)) for start, size in zip(grid, output_shape, strict=False)))


def _has_a_rim(grid: Shape, output_shape: Shape) -> bool:
    """Whether the grid before the last doubling is just as much too large as a valid 3×3 convolution takes away."""
    return all(start - math.ceil(size / 2) == 2 for start, size in zip(grid, output_shape, strict=False))


def _crop(images: keras.KerasTensor, output_shape: Shape) -> keras.KerasTensor:
    surplus = [have - want for have, want in zip(images.shape[1:3], output_shape, strict=False)]
    if not any(surplus):
        return images
    return layers.Cropping2D([(n // 2, n - n // 2) for n in surplus])(images)
