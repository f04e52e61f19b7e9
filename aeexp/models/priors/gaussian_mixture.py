"""Gaussian mixture prior, learned."""

import keras
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.priors.mixture import Mixture
from aeexp.models.priors.prior import Prior
from aeexp.types import Shape

MAX_LOG_VARIANCE = 30.0
"""Bound of log σ² in both directions, as that of a Gaussian code."""


class GaussianMixture(Prior):
    """p(z) = Σ_k w_k · N(z; μ_k, σ_k²) with K components whose means, variances and weights are learned.

    The mixture of Gaussians with which Tomczak and Welling, "VAE with a VampPrior", 2018, section 2, compare theirs;
    Dilokthanakul et al., "Deep Unsupervised Clustering with Gaussian Mixture VAEs", 2016, for its use. The divergence
    is estimated from one sample.

    Args:
        components: K, at least 1.
        initial_std: standard deviation, above 0, of the normal distribution from which the first means are drawn; the
            first variances are 1, and the first weights are equal.
    """

    def __init__(self, components: int, initial_std: float) -> None:
        super().__init__()
        if components < 1:
            raise ConfigError(f"`components` must be at least 1. Received components={components}.")
        if not 0 < initial_std < float("inf"):
            raise ConfigError(f"`initial_std` must be above 0. Received initial_std={initial_std}.")
        self.components = components
        self.initial_std = initial_std

    def build(self, shape: Shape) -> None:
        first = keras.initializers.RandomNormal(stddev=self.initial_std)
        shape = (self.components, *shape)
        self.means = self.add_weight(name="means", shape=shape, initializer=first, dtype="float32")
        self.log_variances = self.add_weight(name="log_variances", shape=shape, initializer="zeros", dtype="float32")
        self.logits = self.add_weight(name="logits", shape=shape[:1], initializer="zeros", dtype="float32")

    def density(self, encoder: keras.Model | None = None) -> Mixture:
        means, log_variances, logits = map(tf.convert_to_tensor, (self.means, self.log_variances, self.logits))
        bounded = tf.clip_by_value(log_variances, -MAX_LOG_VARIANCE, MAX_LOG_VARIANCE)
        return Mixture(tf.nn.log_softmax(logits), means, bounded)

    def log_prob(self, latent: tf.Tensor) -> tf.Tensor:
        return self.density().log_prob(latent)

    def sample(self, seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
        return self.density().sample(seeds)
