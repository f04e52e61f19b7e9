"""Normalizing flow prior of affine coupling layers (RealNVP)."""

import math

import tensorflow as tf
from keras import layers

from aeexp.errors import ConfigError
from aeexp.models.priors.prior import Prior
from aeexp.runtime.random import normal
from aeexp.types import Shape


class RealNvp(Prior):
    """log p(z) = log N(f(z); 0, 1) + log |det ∂f/∂z| with an invertible network f, which is learned.

    f is a sequence of affine coupling layers (Dinh et al., "Density estimation using Real NVP", 2017). Density and
    samples are exact, so the divergence is estimated from one sample without further error. At first f is the identity
    and the prior N(0, 1). As the prior of a VAE: Chen et al., "Variational Lossy Autoencoder", 2017, section 3.2.

    Args:
        couplings: number of coupling layers, at least 2, so that every number of a code is changed.
        units: sizes of the hidden layers within each.
    """

    def __init__(self, couplings: int, units: list[int]) -> None:
        super().__init__()
        if couplings < 2:
            raise ConfigError(f"`couplings` must be at least 2. Received couplings={couplings}.")
        if min(units, default=0) < 1:
            raise ConfigError(f"`units` must be one or more numbers of at least 1. Received units={list(units)}.")
        self.couplings = [Coupling(place % 2, tuple(units)) for place in range(couplings)]

    def build(self, shape: Shape) -> None:
        size = math.prod(shape)
        if size < 2:
            raise ConfigError(
                "model.prior: RealNvp needs codes of at least 2 numbers. Received latent_dim=1; choose a larger "
                "model.latent_dim, or model/prior=gaussian_mixture."
            )
        for coupling in self.couplings:
            coupling.build((None, size))

    def log_prob(self, latent: tf.Tensor) -> tf.Tensor:
        noise, log_determinant = self.to_noise(tf.reshape(latent, (-1, math.prod(latent.shape[1:]))))
        return log_determinant - 0.5 * tf.reduce_sum(tf.square(noise) + math.log(2 * math.pi), 1)

    def sample(self, seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
        return tf.reshape(self.from_noise(normal(seeds, (math.prod(shape),))), (-1, *shape))

    def to_noise(self, codes: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """f(z) of codes [N, D], and the logarithm of the determinant of its Jacobian, [N]."""
        log_determinant = tf.zeros(tf.shape(codes)[:1])
        for coupling in self.couplings:
            codes, log_scales = coupling.forward(codes)
            log_determinant += tf.reduce_sum(log_scales, 1)
        return codes, log_determinant

    def from_noise(self, noise: tf.Tensor) -> tf.Tensor:
        """The codes z of noise f(z), [N, D]."""
        for coupling in reversed(self.couplings):
            noise = coupling.inverse(noise)
        return noise


class Coupling(layers.Layer):
    """Affine coupling layer: y₁ = x₁ and y₂ = x₂·exp(s(x₁)) + t(x₁), where s and t are a small network.

    s is a tanh times a learned scale, as in section 4.1 of the paper.

    Args:
        parity: the numbers that it leaves as they are, those at even (0) or odd (1) places.
        units: sizes of the hidden layers.
    """

    def __init__(self, parity: int, units: tuple[int, ...]) -> None:
        super().__init__(dtype="float32")
        self.parity = parity
        self.hidden = [layers.Dense(each, activation="relu", dtype="float32") for each in units]

    def build(self, shape: tuple[int | None, int]) -> None:
        size = shape[1]
        assert size is not None
        places = list(range(size))
        self.kept, self.changed = places[self.parity :: 2], places[1 - self.parity :: 2]
        self.last = layers.Dense(2 * len(self.changed), kernel_initializer="zeros", dtype="float32")
        inputs = len(self.kept)
        for layer in (*self.hidden, self.last):
            layer.build((None, inputs))
            inputs = layer.units
        self.scale = self.add_weight(name="scale", shape=(len(self.changed),), initializer="ones")

    def forward(self, codes: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """The results [N, D] and s [N, D₂]."""
        kept, changed = tf.gather(codes, self.kept, axis=1), tf.gather(codes, self.changed, axis=1)
        log_scales, shifts = self._settings(kept)
        return self._joined(kept, changed * tf.exp(log_scales) + shifts), log_scales

    def inverse(self, codes: tf.Tensor) -> tf.Tensor:
        """What `forward` makes these codes of, [N, D]."""
        kept, changed = tf.gather(codes, self.kept, axis=1), tf.gather(codes, self.changed, axis=1)
        log_scales, shifts = self._settings(kept)
        return self._joined(kept, (changed - shifts) * tf.exp(-log_scales))

    def _settings(self, features: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """s and t, each [N, D₂]."""
        for layer in (*self.hidden, self.last):
            features = layer(features)
        log_scales, shifts = tf.split(features, 2, axis=1)
        return tf.convert_to_tensor(self.scale) * tf.tanh(log_scales), shifts

    def _joined(self, kept: tf.Tensor, changed: tf.Tensor) -> tf.Tensor:
        order = [*self.kept, *self.changed]
        return tf.gather(tf.concat([kept, changed], 1), [order.index(place) for place in range(len(order))], axis=1)
