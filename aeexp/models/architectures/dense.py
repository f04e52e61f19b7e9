"""Fully connected encoder and decoder."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aeexp.errors import ConfigError
from aeexp.lazy import keras, layers
from aeexp.models.architectures.architecture import Architecture
from aeexp.types import Shape


@dataclass(frozen=True)
class Dense(Architecture):
    """Fully connected encoder and decoder on flattened images.

    One hidden layer of 512 units gives the network of `experiment=vae`.

    Args:
        units: sizes of the hidden layers of the encoder; the decoder mirrors them.
    """

    units: list[int]

    def __post_init__(self) -> None:
        if not self.units or min(self.units) < 1:
            raise ConfigError(
                f"`units` must contain at least one number, each at least 1. Received units={self.units}."
            )

    def encoder(self, input_shape: Shape) -> keras.Model:
        images = keras.Input(input_shape)
        features = layers.Flatten()(images)
        for units in self.units:
            features = layers.Dense(units, activation="relu")(features)
        return keras.Model(images, features, name="encoder")

    def decoder(self, code_shape: Shape, output_shape: Shape) -> keras.Model:
        code = keras.Input(code_shape)
        features = layers.Flatten()(code) if len(code_shape) > 1 else code
        for units in reversed(self.units):
            features = layers.Dense(units, activation="relu")(features)
        pixels = layers.Dense(math.prod(output_shape), activation="sigmoid")(features)
        return keras.Model(code, layers.Reshape(output_shape)(pixels), name="decoder")
