"""The model that every run trains, whatever its parts."""

from typing import Protocol

import keras
import tensorflow as tf

from aeexp.types import Outputs


class Draw(Protocol):
    """How a bottleneck takes the latent from the encoder's outputs."""

    def __call__(self, code: Outputs, seeds: tf.Tensor | None) -> tf.Tensor: ...


class Autoencoder(keras.Model):
    """Encoder, bottleneck and decoder as one model: images -> Outputs.

    Args:
        encoder: functional model from images to the bottleneck's named outputs.
        draw: takes the latent from these outputs.
        decoder: functional model from the latent to images.
    """

    def __init__(self, encoder: keras.Model, draw: Draw, decoder: keras.Model) -> None:
        super().__init__(name="autoencoder", dtype="float32")
        self.encoder = encoder
        self.decoder = decoder
        self.draw = draw
        self.built = True

    @property
    def output_names(self) -> set[str]:  # type: ignore[override]
        """What a call gives."""
        return {*self.encoder.output, "latent", "reconstruction"}

    def call(self, images: tf.Tensor, seeds: tf.Tensor | None = None) -> Outputs:
        """Encode and decode a batch.

        Args:
            images: float32 [N, h, w, c] in [0, 1], as the corruption leaves them.
            seeds: uint32 [N, 2] for a bottleneck that draws; None takes its most likely code.

        Returns:
            `reconstruction` [N, H, W, C] in [0, 1], `latent` [N, …], and what the bottleneck adds.
        """
        code = {name: _float32(values) for name, values in self.encoder(images).items()}
        latent = self.draw(code, seeds)
        return {**code, "latent": latent, "reconstruction": _float32(self.decoder(latent))}

    def functional(self) -> keras.Model:
        """The same weights as one functional model of stock layers, images to outputs, drawing nothing."""
        code = {name: _float32(values) for name, values in self.encoder.output.items()}
        latent = self.draw(code, None)
        outputs = {**code, "latent": latent, "reconstruction": _float32(self.decoder(latent))}
        return keras.Model(self.encoder.inputs[0], outputs, name="autoencoder")


def _float32(values: tf.Tensor) -> tf.Tensor:
    """What layers in lower precision give is float32 outside of them."""
    return values if values.dtype == "float32" else keras.ops.cast(values, "float32")
