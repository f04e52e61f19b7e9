"""Kullback-Leibler divergence of the posterior from the prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.losses.loss import Loss
from aeexp.types import Outputs


@dataclass(frozen=True, kw_only=True)
class Kl(Loss):
    """KL(q(z|x) ‖ p(z)) of the posterior from the prior, in nats, summed over the code; computed by `Prior.kl`.

    Kingma and Welling, "Auto-Encoding Variational Bayes", 2014. The weight is the β of Higgins et al., "β-VAE", 2017.

    Args:
        warmup_epochs: number of epochs over which the weight rises linearly from 0; 0 starts at full weight.
    """

    needs: ClassVar[tuple[str, ...]] = ("kl",)
    per_pixel: ClassVar[bool] = False

    warmup_epochs: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.warmup_epochs < 0:
            raise ConfigError(
                f"`warmup_epochs` must be at least 0 epochs. Received warmup_epochs={self.warmup_epochs}."
            )

    def weight_at(self, epoch: int) -> float:
        return self.weight * min(1.0, epoch / self.warmup_epochs) if self.warmup_epochs else self.weight

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return outputs["kl"]
