"""Mixtures of normal distributions, the density of several priors."""

import math
from dataclasses import dataclass

import tensorflow as tf

from aeexp.models.priors.prior import Density
from aeexp.runtime.random import fold_in, normal, uniform


@dataclass(frozen=True)
class Mixture(Density):
    """p(z) = Σ_k w_k · N(z; mean_k, exp(log_variance_k)), of independent dimensions within each component.

    Args:
        log_weights: [K], of weights that add up to 1.
        means: [K, …].
        log_variances: [K, …].
    """

    log_weights: tf.Tensor
    means: tf.Tensor
    log_variances: tf.Tensor

    def log_prob(self, latent: tf.Tensor) -> tf.Tensor:
        size = math.prod(self.means.shape[1:])
        codes, means, log_variances = (
            tf.reshape(each, (-1, size)) for each in (latent, self.means, self.log_variances)
        )
        # Not the faster z² − 2·z·mean + mean², in which the digits that matter cancel where variances are small.
        squares = tf.math.squared_difference(codes[:, tf.newaxis], means) * tf.exp(-log_variances)
        constants = tf.reduce_sum(log_variances, -1) + size * math.log(2 * math.pi)
        return tf.reduce_logsumexp(self.log_weights - 0.5 * (tf.reduce_sum(squares, -1) + constants), -1)

    def sample(self, seeds: tf.Tensor) -> tf.Tensor:
        """Codes, one per seed [N, 2]: a component by its weight, and a draw from it."""
        ends = tf.cumsum(tf.exp(self.log_weights))
        chosen = tf.searchsorted(ends[:-1], uniform(fold_in(seeds, 0), (1,))[:, 0], side="right")
        means, log_variances = tf.gather(self.means, chosen), tf.gather(self.log_variances, chosen)
        return means + tf.exp(log_variances / 2) * normal(fold_in(seeds, 1), tuple(self.means.shape[1:]))
