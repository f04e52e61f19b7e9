"""Fully connected encoder and decoder."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aeexp.errors import ConfigError
from aeexp.lazy import keras, layers
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.architectures.hidden import ACTIVATIONS, NORMALIZATIONS, OUTPUT_ACTIVATIONS, check_choice, hidden
from aeexp.types import Shape


@dataclass(frozen=True)
class Dense(Architecture):
    """Fully connected encoder and decoder on flattened images.

    One hidden layer of 512 units gives the network of `experiment=vae`.

    Args:
        units: sizes of the hidden layers of the encoder; the decoder mirrors them. None of them, with a linear output,
            gives a linear autoencoder.
        activation: of the hidden layers.
        normalization: of the hidden layers.
        output_activation: of the decoder's last layer; None takes the one that the loss needs.
    """

    units: list[int]
    activation: str = "relu"
    normalization: str = "none"
    output_activation: str | None = None

    def __post_init__(self) -> None:
        if min(self.units, default=1) < 1:
            raise ConfigError(f"`units` must contain numbers of at least 1, or none. Received units={self.units}.")
        check_choice("activation", self.activation, ACTIVATIONS)
        check_choice("normalization", self.normalization, NORMALIZATIONS)
        if self.output_activation is not None:
            check_choice("output_activation", self.output_activation, OUTPUT_ACTIVATIONS)

    def encoder(self, input_shape: Shape) -> keras.Model:
        images = keras.Input(input_shape)
        features = layers.Flatten()(images)
        for units in self.units:
            features = self._hidden(units, features)
        return keras.Model(images, features, name="encoder")

    def decoder(self, code_shape: Shape, output_shape: Shape) -> keras.Model:
        code = keras.Input(code_shape)
        features = layers.Flatten()(code) if len(code_shape) > 1 else code
        for units in reversed(self.units):
            features = self._hidden(units, features)
        pixels = layers.Dense(math.prod(output_shape), activation=self.output_activation or "sigmoid")(features)
        return keras.Model(code, layers.Reshape(output_shape)(pixels), name="decoder")

    def _hidden(self, units: int, features: keras.KerasTensor) -> keras.KerasTensor:
        return hidden(
            lambda activation: layers.Dense(units, activation=activation), features, self.activation, self.normalization
        )
