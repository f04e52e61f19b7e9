"""Maximum mean discrepancy of the codes from the prior."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from aeexp.lazy import tf
from aeexp.losses.loss import Loss
from aeexp.types import Outputs

SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Of the kernels, in units of the mean squared distance of two codes from N(0, 1)."""


@dataclass(frozen=True, kw_only=True)
class Mmd(Loss):
    """MMD²(q(z), p(z)) of the codes of a batch from codes drawn from the prior (model/prior), by any bottleneck.

    The unbiased estimate, so that values around 0 are of equal distributions, is a sum over kernels C / (C + ‖a − b‖²)
    with C = 2·D·s for codes of D numbers and seven scales s from 0.1 to 10: Tolstikhin, Bousquet, Gelly and Schölkopf,
    "Wasserstein Auto-Encoders", 2018, algorithm 2. In an InfoVAE it stands beside `kl`: Zhao, Song and Ermon,
    "InfoVAE", 2019.
    """

    needs: ClassVar[tuple[str, ...]] = ("latent", "prior_latent")
    scope: ClassVar[Literal["image", "batch"]] = "batch"
    per_pixel: ClassVar[bool] = False

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        present = outputs["present"]
        codes, drawn = (tf.reshape(outputs[name], [tf.shape(present)[0], -1]) for name in self.needs)
        size = math.prod(outputs["latent"].shape[1:])
        pairs = present[:, tf.newaxis] * present
        different = tf.linalg.set_diag(pairs, tf.zeros_like(present))
        within = _mean(_kernels(codes, codes, size) + _kernels(drawn, drawn, size), different)
        between = _mean(_kernels(codes, drawn, size), pairs)
        return tf.repeat(within - 2 * between, tf.shape(present)[0])


def _kernels(one: tf.Tensor, other: tf.Tensor, size: int) -> tf.Tensor:
    """Sum of the kernels of each of some codes [N, D] and each of others, [N, N]."""
    products = tf.matmul(one, other, transpose_b=True)
    norms = tf.reduce_sum(tf.square(one), 1)[:, tf.newaxis] + tf.reduce_sum(tf.square(other), 1)
    distances = tf.maximum(norms - 2 * products, 0.0)
    return tf.add_n([2 * size * scale / (2 * size * scale + distances) for scale in SCALES])


def _mean(values: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    return tf.math.divide_no_nan(tf.reduce_sum(values * weights), tf.reduce_sum(weights))
