"""Uniform prior on the unit sphere."""

import math
from typing import ClassVar

import tensorflow as tf

from aeexp.models.priors.prior import Prior
from aeexp.models.sphere_integrals import divergence_from_uniform, log_area
from aeexp.runtime.random import normal
from aeexp.types import Outputs, Shape

OFF = 1e-2
"""Distance from the sphere beyond which there is no density."""


class UniformSphere(Prior):
    """The same density everywhere on the unit sphere along the last axis of the code.

    Against a von Mises-Fisher posterior the divergence is κ·(A − 1) − log Z(κ) + log Z(0) with the integrals of
    `aeexp.models.sphere_integrals`, whatever its mean direction (Davidson et al., "Hyperspherical Variational
    Auto-Encoders", 2018, section 3.2).
    """

    support: ClassVar[str] = "sphere"

    def __init__(self) -> None:
        super().__init__()

    def sample(self, seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
        return tf.math.l2_normalize(normal(seeds, shape), -1)

    def log_prob(self, latent: tf.Tensor) -> tf.Tensor:
        distance = tf.abs(tf.norm(latent, axis=-1) - 1)
        values = tf.where(distance < OFF, -log_area(latent.shape[-1]), -math.inf)
        return tf.reduce_sum(values, list(range(1, values.shape.rank)))

    def kl(self, parameters: Outputs, latent: tf.Tensor, log_posterior: tf.Tensor) -> tf.Tensor:
        if "concentration" not in parameters:
            return super().kl(parameters, latent, log_posterior)
        values = divergence_from_uniform(parameters["concentration"][..., 0], latent.shape[-1])
        return tf.reduce_sum(values, list(range(1, values.shape.rank)))
