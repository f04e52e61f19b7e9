"""Total correlation of the code."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from aeexp.lazy import tf
from aeexp.losses.loss import Loss
from aeexp.types import Outputs

ABSENT = -1e9
"""A log weight that leaves an image out, in a sum of exponentials."""


@dataclass(frozen=True, kw_only=True)
class TotalCorrelation(Loss):
    """KL(q(z) ‖ Π_d q(z_d)) of the codes of all images from independent dimensions, in nats, estimated from a batch.

    It is a part of the divergence from a prior of independent dimensions, so with `kl` at weight 1 its weight is β − 1
    of a β-TC-VAE: Chen, Li, Grosse and Duvenaud, "Isolating Sources of Disentanglement in VAEs", 2018. The density of
    a code z_i over the whole data set of N images is estimated by stratified sampling (appendix C), with each other
    image of a batch of B equally: q(z_i) ≈ q(z_i|x_i) / N + (1 − 1/N)·Σ_{j≠i} q(z_i|x_j) / (B − 1).
    """

    needs: ClassVar[tuple[str, ...]] = ("latent", "mean", "log_variance")
    scope: ClassVar[Literal["image", "batch"]] = "batch"
    per_pixel: ClassVar[bool] = False

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        latent, mean, log_variance = (_as_vectors(outputs[name]) for name in self.needs)
        squares = tf.square(latent[:, tf.newaxis] - mean) * tf.exp(-log_variance)
        log_densities = -0.5 * (squares + log_variance + math.log(2 * math.pi))  # [N, N, D]: of code i by image j
        log_weights = _log_weights(outputs["present"], outputs["dataset_size"])
        joint = tf.reduce_logsumexp(tf.reduce_sum(log_densities, 2) + log_weights, 1)
        marginals = tf.reduce_logsumexp(log_densities + log_weights[:, :, tf.newaxis], 1)  # [N, D]
        return joint - tf.reduce_sum(marginals, 1)


def _as_vectors(values: tf.Tensor) -> tf.Tensor:
    return tf.reshape(values, [tf.shape(values)[0], math.prod(values.shape[1:])])


def _log_weights(present: tf.Tensor, dataset_size: tf.Tensor) -> tf.Tensor:
    """Logarithms of what each image counts in the density of each code, [N, N]; its own image only for itself."""
    others = tf.maximum(tf.reduce_sum(present) - 1, 1.0)
    size = tf.maximum(dataset_size, 2.0)
    other = tf.where(present > 0, tf.math.log((1 - 1 / size) / others), ABSENT)
    rows = tf.repeat(other[tf.newaxis], tf.shape(present)[0], 0)
    return tf.linalg.set_diag(rows, tf.fill([tf.shape(present)[0]], -tf.math.log(size)))
