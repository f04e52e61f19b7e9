"""Negative log-likelihood of pixels that are normal around the reconstruction."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.losses.loss import Loss, batch_mean, sum_over_image
from aeexp.types import Outputs

LEARNED, OPTIMAL = "learned", "optimal"

MIN_LOG_STD = -12.0
"""Bound of log σ, far below the step of 1/255 between gray values: 1/σ² does not overflow in float32."""


@dataclass(frozen=True, kw_only=True)
class Gaussian(Loss):
    """−log N(t; r, σ²) = ½·(t − r)²/σ² + log σ + ½·log 2π, summed over pixels, in nats; the decoder is linear.

    With a learned σ, the weight between reconstruction and divergence is found by maximum likelihood (Rybkin et al.,
    "Simple and Effective VAE Training with Calibrated Decoders", 2021); a linear VAE with it is probabilistic PCA
    (Lucas et al., "Don't Blame the ELBO!", 2019).

    Args:
        std: σ, the same for all pixels, above 0; or `learned`; or `optimal`, the root of the mean squared error of each
            batch, where the likelihood of the batch is greatest (σ-VAE, in that paper).
    """

    output_activation: ClassVar[str | None] = "linear"

    std: float | str

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.std not in (LEARNED, OPTIMAL) and not (isinstance(self.std, float | int) and 0 < self.std < math.inf):
            raise ConfigError(f"`std` must be a number above 0, {LEARNED} or {OPTIMAL}. Received std={self.std}.")

    @property
    def scope(self) -> Literal["image", "batch"]:  # type: ignore[override]
        """That of σ."""
        return "batch" if self.std == OPTIMAL else "image"

    @property
    def is_likelihood(self) -> bool:  # type: ignore[override]
        """Whether each image has a likelihood of its own."""
        return self.std != OPTIMAL

    @property
    def learned(self) -> Mapping[str, float]:
        """The logarithm of σ, where it is learned; first that of 1."""
        return {"log_std": 0.0} if self.std == LEARNED else {}

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        pixels = math.prod(targets.shape[1:])
        squares = sum_over_image(tf.square(targets - outputs["reconstruction"]))
        log_std = self._log_std(outputs, squares / pixels)
        return 0.5 * squares * tf.exp(-2 * log_std) + pixels * (log_std + 0.5 * math.log(2 * math.pi))

    def _log_std(self, outputs: Outputs, errors: tf.Tensor) -> tf.Tensor:
        """log σ, given the mean squared error of each image."""
        if self.std == OPTIMAL:
            log_variance = tf.math.log(tf.maximum(batch_mean(errors, outputs), math.exp(2 * MIN_LOG_STD)))
            return tf.stop_gradient(log_variance / 2)  # its gradient is 0 where the likelihood is greatest
        if self.std == LEARNED:
            return tf.maximum(outputs["log_std"], MIN_LOG_STD)
        return tf.constant(math.log(float(self.std)))
