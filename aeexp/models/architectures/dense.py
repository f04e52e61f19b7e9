"""Fully connected layers."""

import math
from dataclasses import dataclass

import keras
from keras import layers

from aeexp.errors import ConfigError
from aeexp.models.architectures.architecture import Architecture
from aeexp.types import Shape


@dataclass(frozen=True)
class Dense(Architecture):
    """Sees an image as one long vector; with one hidden layer of 512 it is the lecture's variational network.

    Args:
        units: of each hidden layer of the encoder, in its order; the decoder mirrors them.
    """

    units: list[int]

    def __post_init__(self) -> None:
        if not self.units or min(self.units) < 1:
            raise ConfigError(f"`units` must hold numbers of at least 1. Received units={self.units}.")

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
