"""Von Mises-Fisher code: a distribution around a point of the unit sphere per image."""

from typing import ClassVar

import keras
import tensorflow as tf
from keras import layers

from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.bottleneck import Bottleneck, project
from aeexp.models.sphere_integrals import log_area, log_integral, slope_of_cosine
from aeexp.runtime.random import fold_in, normal, uniform
from aeexp.types import Outputs

MAX_CONCENTRATION = 1e4
"""Bound of κ, far beyond what a code needs, up to which float32 is exact enough."""

PROPOSALS = 20
"""Of the rejection sampling for each code, of which each is accepted with a probability of 0.65 or more."""

TINY = 1e-12


class VonMisesFisher(Bottleneck):
    """Points z of the unit sphere with a density proportional to exp(κ·μᵀz), around the mean direction μ.

    Davidson, Falorsi, De Cao, Kipf and Tomczak, "Hyperspherical Variational Auto-Encoders", 2018. Of a point
    z = w·μ + √(1 − w²)·v, the cosine w is drawn by rejection (Wood, "Simulation of the von Mises Fisher Distribution",
    1994) from a fixed number of proposals, of which all are refused with a probability below 1e-9; v is uniform among
    the directions perpendicular to μ. Gradients pass to μ through z, and to κ by implicit reparameterization of w
    (Figurnov et al., 2018), which is exact, where the paper differentiates the accepted proposal and corrects that.

    The sphere is along the last axis of a grid [N, h, w, m], or a code is one point [N, latent_dim].
    """

    probabilistic: ClassVar[bool] = True
    support: ClassVar[str] = "sphere"
    mode_output: ClassVar[str] = "mean"

    def __init__(self) -> None:
        super().__init__()

    def parameters(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        mean = project(features, latent_dim, "mean")
        if mean.shape[-1] < 2:
            raise ConfigError(
                f"model: `latent_dim` must be at least 2, as the codes are points of a sphere. Received "
                f"latent_dim={mean.shape[-1]}."
            )
        flat = features if latent_dim is None or len(features.shape) == 2 else layers.Flatten()(features)
        concentration = keras.ops.softplus(layers.Dense(1, name="concentration")(flat)) + 1.0
        norm = keras.ops.sqrt(keras.ops.sum(keras.ops.square(mean), -1, keepdims=True) + TINY)
        return {"mean": mean / norm, "concentration": keras.ops.minimum(concentration, MAX_CONCENTRATION)}

    def sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        mean = parameters["mean"]
        if seeds is None:
            return mean
        exact, size = tf.cast(mean, tf.float32), mean.shape[-1]
        kappa = tf.cast(parameters["concentration"], tf.float32)[..., 0]
        drawn = tf.stop_gradient(_one_minus_cosine(tf.stop_gradient(kappa), size, seeds))
        slope = tf.stop_gradient(slope_of_cosine(kappa, drawn, size))
        one_minus = (drawn - slope * (kappa - tf.stop_gradient(kappa)))[..., tf.newaxis]
        noise = _normalized(normal(fold_in(seeds, 2), tuple(mean.shape[1:])))
        tangent = _perpendicular(_perpendicular(noise, exact), exact)  # rounding leaves some the first time
        sine = tf.sqrt(tf.maximum(one_minus * (2 - one_minus), TINY))
        return tf.cast((1 - one_minus) * exact + sine * tangent, mean.dtype)

    def log_prob(self, parameters: Outputs, latent: tf.Tensor) -> tf.Tensor:
        """κ·(μᵀz − 1) − log Z(κ), less the log of the area of the sphere perpendicular to μ, summed over the places."""
        kappa, size = parameters["concentration"][..., 0], latent.shape[-1]
        cosine = tf.reduce_sum(parameters["mean"] * latent, -1)
        values = kappa * (cosine - 1) - log_integral(kappa, size) - log_area(size - 1)
        return tf.reduce_sum(values, list(range(1, values.shape.rank)))

    def nearest(self, latents: tf.Tensor) -> tf.Tensor:
        return _normalized(tf.cast(latents, tf.float32))


def _one_minus_cosine(kappa: tf.Tensor, size: int, seeds: tf.Tensor) -> tf.Tensor:
    """1 − w for draws of w by Wood's rejection, float32 as κ; the last proposal where none is accepted.

    A proposal needs a draw of Beta((m − 1)/2, (m − 1)/2), which is (1 + t)/2 for a number t of a uniform point of the
    sphere. All is in terms of 1 − w, so that nothing cancels where κ is large.
    """
    shape = (*kappa.shape[1:], PROPOSALS)
    directions = normal(fold_in(seeds, 0), (*shape, size))
    beta = (1 + directions[..., 0] / tf.maximum(tf.norm(directions, axis=-1), TINY)) / 2
    kappa = kappa[..., tf.newaxis]
    b = (size - 1) / (2 * kappa + tf.sqrt(4 * tf.square(kappa) + (size - 1) ** 2))
    proposed = 2 * b * beta / (1 - (1 - b) * beta)
    one_minus_x = 2 * b / (1 + b)
    x = 1 - one_minus_x
    ratio = (one_minus_x + x * proposed) / (one_minus_x * (1 + x))
    log_acceptance = kappa * (one_minus_x - proposed) + (size - 1) * tf.math.log(ratio)
    accepted = log_acceptance >= tf.math.log(uniform(fold_in(seeds, 1), shape))
    last = tf.one_hot(PROPOSALS - 1, PROPOSALS, on_value=True, off_value=False, dtype=tf.bool)
    chosen = tf.one_hot(tf.argmax(tf.cast(accepted | last, tf.int32), -1), PROPOSALS)
    return tf.reduce_sum(chosen * proposed, -1)


def _perpendicular(vectors: tf.Tensor, mean: tf.Tensor) -> tf.Tensor:
    """The directions of vectors without their part along the mean."""
    return _normalized(vectors - tf.reduce_sum(vectors * mean, -1, keepdims=True) * mean)


def _normalized(vectors: tf.Tensor) -> tf.Tensor:
    return vectors / tf.sqrt(tf.reduce_sum(tf.square(vectors), -1, keepdims=True) + TINY)
