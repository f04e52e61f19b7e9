"""Importance-weighted bound of an IWAE."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.losses.bce import Bce
from aeexp.losses.continuous_bernoulli import ContinuousBernoulli
from aeexp.losses.gaussian import LEARNED, Gaussian
from aeexp.losses.loss import Loss
from aeexp.types import Outputs

LIKELIHOODS: Mapping[str, Loss] = {
    "bernoulli": Bce(weight=1.0),
    "continuous_bernoulli": ContinuousBernoulli(weight=1.0),
    "gaussian": Gaussian(weight=1.0, std=LEARNED),
}
"""Negative log-likelihoods of the pixels; the normal one learns its σ."""

DREG = "dreg"

GRADIENTS = {
    "reparameterized": ("reconstructions", "log_prior", "log_posterior"),
    DREG: ("reconstructions", "log_prior", "log_posterior_of_latents", "path_scale"),
}
"""The outputs that each gradient flows through."""


@dataclass(frozen=True, kw_only=True)
class Iwae(Loss):
    """−log (1/K)·Σ_k w_k with w_k = p(x|z_k)·p(z_k) / q(z_k|x) and K codes z_k from q(z|x), in nats.

    With K = 1 it is the negative ELBO with the divergence from one sample; it approaches −log p(x) as K grows. Burda,
    Grosse and Salakhutdinov, "Importance Weighted Autoencoders", 2016.

    Args:
        samples: K, at least 1.
        likelihood: p(x|z): bernoulli, continuous_bernoulli, or gaussian with a learned σ.
        gradient: `reparameterized` as in that paper; or `dreg`, the doubly reparameterized one of Tucker et al.,
            "Doubly Reparameterized Gradient Estimators for Monte Carlo Objectives", 2019, whose noise does not drown
            what the encoder learns as K grows: Σ_k v_k²·∂log w_k/∂z_k·∂z_k/∂φ with v_k = w_k / Σ_j w_j.
    """

    per_pixel: ClassVar[bool] = False
    is_likelihood: ClassVar[bool] = True

    samples: int = field()  # type: ignore[misc]
    likelihood: str
    gradient: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.samples < 1:
            raise ConfigError(f"`samples` must be at least 1. Received samples={self.samples}.")
        for name, known in (("likelihood", LIKELIHOODS), ("gradient", GRADIENTS)):
            if getattr(self, name) not in known:
                raise ConfigError(f"`{name}` must be one of {', '.join(known)}. Received {name}={getattr(self, name)}.")

    @property
    def needs(self) -> tuple[str, ...]:  # type: ignore[override]
        """The outputs that the gradient flows through."""
        return GRADIENTS[self.gradient]

    @property
    def output_activation(self) -> str | None:  # type: ignore[override]
        """That of the likelihood."""
        return LIKELIHOODS[self.likelihood].output_activation

    @property
    def of_binary_pixels(self) -> bool:
        return LIKELIHOODS[self.likelihood].of_binary_pixels

    @property
    def learned(self) -> Mapping[str, float]:
        """That of the likelihood."""
        return LIKELIHOODS[self.likelihood].learned

    def log_likelihood(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return LIKELIHOODS[self.likelihood].log_likelihood(targets, outputs)

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        log_posterior = outputs[self.needs[2]]
        log_weights = self._log_likelihoods(targets, outputs) + outputs["log_prior"] - log_posterior  # [N, K]
        bound = tf.reduce_logsumexp(log_weights, 1) - math.log(log_weights.shape[1])
        if self.gradient == DREG:
            bound += tf.reduce_sum(_scaled(outputs["path_scale"], tf.nn.softmax(log_weights, 1)), 1)
        return -bound

    def _log_likelihoods(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        """log p(x|z_k), [N, K]."""
        reconstructions = outputs["reconstructions"]
        samples, shape = reconstructions.shape[1], reconstructions.shape[2:]
        repeated = {name: tf.repeat(outputs[name], samples, 0) for name in self.learned}
        repeated["reconstruction"] = tf.reshape(reconstructions, [-1, *shape])
        return tf.reshape(self.log_likelihood(tf.repeat(targets, samples, 0), repeated), [-1, samples])


def _scaled(path_scale: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """Zeros [N, K] that let what flows back through each code count with its weight once more."""

    @tf.custom_gradient
    def zeros(path_scale: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, Callable[..., tuple[tf.Tensor, None]]]:
        return tf.zeros_like(path_scale), lambda _: (weights - 1, None)

    return zeros(path_scale, tf.stop_gradient(weights))
