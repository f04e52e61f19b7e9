"""Architecture: the abstract base class of all encoder-decoder architectures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from aeexp.lazy import keras
from aeexp.types import Shape


class Architecture(ABC):
    """Encoder and decoder around the bottleneck, as functional Keras models of built-in layers."""

    keeps_shape: ClassVar[bool] = False
    """Whether codes must have the shape of the encoder's features, so that there is no `latent_dim`."""

    @abstractmethod
    def encoder(self, input_shape: Shape) -> keras.Model:
        """The encoder, a model from images of `input_shape` (h, w, c) in [0, 1] to features of any shape.

        Raises:
            ConfigError: if images of that shape cannot be encoded.
        """

    @abstractmethod
    def decoder(self, code_shape: Shape, output_shape: Shape) -> keras.Model:
        """The decoder, a model from latent codes to images of `output_shape` (H, W, C) in [0, 1].

        Args:
            code_shape: shape of a code: that of the encoder's features, or `(latent_dim,)`.
            output_shape: shape of a clean image.

        Raises:
            ConfigError: if codes of that shape cannot be decoded.
        """
