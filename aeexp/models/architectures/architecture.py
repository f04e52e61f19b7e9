"""The contract of an architecture."""

from abc import ABC, abstractmethod

import keras

from aeexp.types import Shape


class Architecture(ABC):
    """The layers on either side of the bottleneck, as functional Keras models of stock layers."""

    @abstractmethod
    def encoder(self, input_shape: Shape) -> keras.Model:
        """From images of `input_shape` (h, w, c) in [0, 1] to features of any shape."""

    @abstractmethod
    def decoder(self, code_shape: Shape, output_shape: Shape) -> keras.Model:
        """From a code to images of `output_shape` (H, W, C) in [0, 1].

        Args:
            code_shape: that of the encoder's features, or `(latent_dim,)`.
            output_shape: that of the clean images.

        Raises:
            ConfigError: where no such code can be decoded.
        """
