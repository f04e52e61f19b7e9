"""Autoencoder: encoder, bottleneck, prior and decoder as one Keras model."""

import math

import keras
import tensorflow as tf

from aeexp.models.bottlenecks.bottleneck import Bottleneck
from aeexp.models.priors.prior import Prior
from aeexp.types import Outputs


class Autoencoder(keras.Model):
    """Autoencoder with any encoder, bottleneck, prior and decoder: images -> Outputs.

    Args:
        encoder: functional model from images to the bottleneck's parameters.
        bottleneck: takes the latent from these.
        decoder: functional model from the latent to images.
        prior: what a bottleneck with a density is held against.
    """

    def __init__(
        self, encoder: keras.Model, bottleneck: Bottleneck, decoder: keras.Model, prior: Prior | None = None
    ) -> None:
        super().__init__(name="autoencoder", dtype="float32")
        self.encoder = encoder
        self.decoder = decoder
        self.bottleneck = bottleneck
        self.prior = prior if bottleneck.probabilistic else None
        for layer, shape in ((self.bottleneck, None), (self.prior, decoder.input.shape[1:])):
            if layer is not None and not layer.built:
                layer.build(shape)
        self.built = True

    @property
    def output_names(self) -> set[str]:  # type: ignore[override]
        """What a call gives, with its divergence from the prior."""
        return {*self.encoder.output, "latent", "reconstruction", *(("kl",) if self.prior else ())}

    @property
    def keeps_resolution(self) -> bool:
        """Whether a code is a grid of features with as many numbers as the image, or more."""
        code, image = self.decoder.input.shape[1:], self.decoder.output.shape[1:]
        return len(code) == len(image) and math.prod(code) >= math.prod(image)

    def call(self, images: tf.Tensor, seeds: tf.Tensor | None = None) -> Outputs:
        """Encode and decode a batch.

        Args:
            images: float32 [N, h, w, c] in [0, 1], as the corruption leaves them.
            seeds: uint32 [N, 2] for a bottleneck that draws; None takes its most likely code.

        Returns:
            `reconstruction` [N, H, W, C] in [0, 1], `latent` [N, …], and the parameters of the bottleneck.
        """
        parameters = {name: _float32(values) for name, values in self.encoder(images).items()}
        latent = self.bottleneck.sample(parameters, seeds)
        return {**parameters, "latent": latent, "reconstruction": _float32(self.decoder(latent))}

    def with_kl(self, outputs: Outputs) -> Outputs:
        """The outputs of a call, and where there is a prior the divergence `kl` from it, [N] in nats."""
        if self.prior is None:
            return outputs
        log_posterior = self.bottleneck.log_prob(outputs, outputs["latent"])
        return {**outputs, "kl": self.prior.kl(outputs, outputs["latent"], log_posterior)}

    def with_networks(self, encoder: keras.Model, decoder: keras.Model) -> "Autoencoder":
        """The same bottleneck and prior between other networks."""
        return Autoencoder(encoder, self.bottleneck, decoder, self.prior)

    def functional(self) -> keras.Model:
        """The same weights as one functional model of stock layers, images to outputs, drawing nothing."""
        parameters = {name: _float32(values) for name, values in self.encoder.output.items()}
        latent = self.bottleneck.sample(parameters, None)
        outputs = {**parameters, "latent": latent, "reconstruction": _float32(self.decoder(latent))}
        return keras.Model(self.encoder.inputs[0], outputs, name="autoencoder")


def _float32(values: tf.Tensor) -> tf.Tensor:
    """What layers in lower precision give is float32 outside of them."""
    return values if values.dtype == "float32" else keras.ops.cast(values, "float32")
