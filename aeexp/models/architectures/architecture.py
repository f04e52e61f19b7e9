"""Architecture: the abstract base class of all encoder-decoder architectures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import ClassVar

from aeexp.errors import ConfigError
from aeexp.lazy import keras
from aeexp.types import Shape


class Architecture(ABC):
    """Encoder and decoder around the bottleneck, as functional Keras models of built-in layers."""

    keeps_shape: ClassVar[bool] = False
    """Whether codes must have the shape of the encoder's features, so that there is no `latent_dim`."""

    output_activation: str | None = None
    """Of the decoder's last layer; None takes the one that the loss needs."""

    def with_output_activation(self, activation: str | None) -> Architecture:
        """The architecture with the output activation that a loss needs, where its config leaves it open.

        Raises:
            ConfigError: for a linear output where values from 0 to 1 are needed, and where there is no linear one.
        """
        if activation is None or self.output_activation == activation:
            return self
        if "output_activation" not in getattr(self, "__dataclass_fields__", {}):
            if activation == "sigmoid":
                return self
            raise ConfigError(
                f"model.architecture: the decoder of {type(self).__name__} ends in values from 0 to 1, and the loss "
                "needs a linear one; use model/architecture=dense or conv, or another loss."
            )
        if self.output_activation is None:
            return replace(self, output_activation=activation)  # type: ignore[type-var]
        if activation == "sigmoid":
            raise ConfigError(
                f"model.architecture.output_activation: the loss needs values from 0 to 1. Received "
                f"{self.output_activation}; write null, or choose another loss."
            )
        return self

    @abstractmethod
    def encoder(self, input_shape: Shape) -> keras.Model:
        """The encoder, a model from images of `input_shape` (h, w, c) in [0, 1] to features of any shape.

        Raises:
            ConfigError: if images of that shape cannot be encoded.
        """

    @abstractmethod
    def decoder(self, code_shape: Shape, output_shape: Shape) -> keras.Model:
        """The decoder, a model from latent codes to images of `output_shape` (H, W, C), in [0, 1] unless it is linear.

        Args:
            code_shape: shape of a code: that of the encoder's features, or `(latent_dim,)`.
            output_shape: shape of a clean image.

        Raises:
            ConfigError: if codes of that shape cannot be decoded.
        """
