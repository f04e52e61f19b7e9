"""U-Net."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import ClassVar

from aeexp.errors import ConfigError
from aeexp.lazy import keras, layers
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.architectures.space_to_depth import depth_to_space, space_to_depth
from aeexp.types import Shape


@dataclass(frozen=True)
class Unet(Architecture):
    """U-Net: two convolutions at each resolution, and skip connections from the encoder to the decoder.

    The code is the concatenation of all skip connections, each rearranged by space-to-depth to the coarsest grid. It
    has more values than the image and does not compress it.

    Ronneberger et al., "U-Net: Convolutional Networks for Biomedical Image Segmentation", 2015.

    Args:
        filters: numbers of filters at each resolution, from the finest to the coarsest.
    """

    keeps_shape: ClassVar[bool] = True

    filters: list[int]

    def __post_init__(self) -> None:
        if len(self.filters) < 2 or min(self.filters) < 1:
            raise ConfigError(
                f"`filters` must contain at least two numbers, each at least 1. Received filters={self.filters}."
            )

    def encoder(self, input_shape: Shape) -> keras.Model:
        images = keras.Input(input_shape)
        features, skips = _pad(images, 2**self._halvings), []
        for level, filters in enumerate(self.filters):
            features = _convolutions(layers.MaxPooling2D(2)(features) if level else features, filters)
            skips.append(space_to_depth(features, 2 ** (self._halvings - level)))
        return keras.Model(images, layers.Concatenate()(skips), name="encoder")

    def decoder(self, code_shape: Shape, output_shape: Shape) -> keras.Model:
        self._check(code_shape, output_shape)
        code = keras.Input(code_shape)
        *skips, features = self._unpack(code)
        for filters, skip in zip(self.filters[-2::-1], reversed(skips), strict=True):
            features = layers.Conv2DTranspose(filters, 2, strides=2, activation="relu")(features)
            features = _convolutions(layers.Concatenate()([skip, features]), filters)
        images = layers.Conv2D(output_shape[2], 1, activation="sigmoid")(features)
        return keras.Model(code, _crop(images, output_shape), name="decoder")

    @property
    def _halvings(self) -> int:
        return len(self.filters) - 1

    def _unpack(self, code: keras.KerasTensor) -> list[keras.KerasTensor]:
        """The skip connections from the finest to the coarsest, each at its own resolution."""
        scales = [2 ** (self._halvings - level) for level in range(len(self.filters))]
        ends = [0, *accumulate(filters * scale**2 for filters, scale in zip(self.filters, scales, strict=True))]
        parts = [code[..., start:end] for start, end in pairwise(ends)]
        return [depth_to_space(part, scale) for part, scale in zip(parts, scales, strict=True)]

    def _check(self, code_shape: Shape, output_shape: Shape) -> None:
        depth = sum(filters * 4 ** (self._halvings - level) for level, filters in enumerate(self.filters))
        expected = (*(math.ceil(size / 2**self._halvings) for size in output_shape[:2]), depth)
        if tuple(code_shape) != expected:
            raise ConfigError(
                "outputs must have the size of the inputs, and the code must keep the shape of the encoder's features. "
                f"Received a code of {list(code_shape)}, but images of {list(output_shape)} need {list(expected)}; "
                "use it without downscale, or another model."
            )


def _convolutions(features: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    for _ in range(2):
        features = layers.Conv2D(filters, 3, padding="same", activation="relu")(features)
    return features


def _pad(images: keras.KerasTensor, multiple: int) -> keras.KerasTensor:
    """Zero-pad at the bottom and right until height and width are multiples."""
    missing = [-size % multiple for size in images.shape[1:3]]
    return layers.ZeroPadding2D([(0, n) for n in missing])(images) if any(missing) else images


def _crop(images: keras.KerasTensor, output_shape: Shape) -> keras.KerasTensor:
    """Remove the padding."""
    surplus = [have - want for have, want in zip(images.shape[1:3], output_shape, strict=False)]
    return layers.Cropping2D([(0, n) for n in surplus])(images) if any(surplus) else images
