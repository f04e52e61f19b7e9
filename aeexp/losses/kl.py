"""Kullback-Leibler divergence of the posterior from the prior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.losses.loss import Loss, batch_mean
from aeexp.types import Outputs


@dataclass(frozen=True, kw_only=True)
class Kl(Loss):
    """KL(q(z|x) ‖ p(z)) of the posterior from the prior, in nats, summed over the code; computed by `Prior.kl`.

    Kingma and Welling, "Auto-Encoding Variational Bayes", 2014. The weight is the β of Higgins et al., "β-VAE", 2017.
    What is reported is the divergence itself, also where free bits or a capacity make another value of it that is
    minimized; these look at its mean over a batch.

    Args:
        warmup_epochs: number of epochs over which the weight rises linearly from 0; 0 starts at full weight.
        cycle_epochs: after so many epochs, more than `warmup_epochs`, the weight rises from 0 again (Fu et al.,
            "Cyclical Annealing Schedule", 2019); 0 for one rise alone.
        free_bits: λ in nats: Σ_d max(λ, KL_d) over the dimensions d of the code, of which none gains by less (Kingma et
            al., "Improved Variational Inference with Inverse Autoregressive Flow", 2016); of the whole divergence where
            it is no sum over dimensions. 0 for none.
        capacity: C in nats: |KL − C| is minimized (Burgess et al., "Understanding disentangling in β-VAE", 2018); None
            for none.
        capacity_epochs: number of epochs over which C rises linearly from 0; 0 starts at C.
    """

    needs: ClassVar[tuple[str, ...]] = ("kl",)
    per_pixel: ClassVar[bool] = False

    warmup_epochs: int
    cycle_epochs: int = 0
    free_bits: float = 0.0
    capacity: float | None = None
    capacity_epochs: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("warmup_epochs", "cycle_epochs", "capacity_epochs"):
            if (epochs := getattr(self, name)) < 0:
                raise ConfigError(f"`{name}` must be at least 0 epochs. Received {name}={epochs}.")
        for name in ("free_bits", "capacity"):
            if not 0 <= (nats := getattr(self, name) or 0.0) < inf:
                raise ConfigError(f"`{name}` must be at least 0 nats. Received {name}={nats}.")
        self._check_combination()

    def _check_combination(self) -> None:
        if self.cycle_epochs and not 0 < self.warmup_epochs < self.cycle_epochs:
            raise ConfigError(
                "`cycle_epochs` must be more than `warmup_epochs`, over which the weight rises in a cycle, and these "
                f"at least 1. Received cycle_epochs={self.cycle_epochs} and warmup_epochs={self.warmup_epochs}."
            )
        if self.capacity is None and self.capacity_epochs:
            raise ConfigError(
                f"`capacity_epochs` needs a `capacity` in nats. Received capacity_epochs={self.capacity_epochs} alone."
            )
        if self.capacity is not None and self.free_bits:
            raise ConfigError(
                "`free_bits` and `capacity` exclude each other. Received "
                f"free_bits={self.free_bits} and capacity={self.capacity}; set free_bits=0 or capacity=null."
            )

    @property
    def scope(self) -> Literal["image", "batch"]:  # type: ignore[override]
        """Free bits and a capacity are held against the mean over a batch."""
        return "batch" if self.free_bits or self.capacity is not None else "image"

    def weight_at(self, epoch: int) -> float:
        position = epoch % self.cycle_epochs if self.cycle_epochs else epoch
        return self.weight * min(1.0, position / self.warmup_epochs) if self.warmup_epochs else self.weight

    def numbers_at(self, epoch: int) -> Mapping[str, float]:
        if self.capacity is None:
            return {}
        return {"capacity": self.capacity * min(1.0, epoch / self.capacity_epochs if self.capacity_epochs else 1.0)}

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        if self.free_bits:
            return self._with_free_bits(outputs)
        if self.capacity is not None:
            distance = tf.abs(batch_mean(outputs["kl"], outputs) - outputs.get("capacity", self.capacity))
            return tf.repeat(distance, tf.shape(outputs["kl"])[0])
        return outputs["kl"]

    def reported(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor | None:
        return outputs["kl"] if self.scope == "batch" else None

    def _with_free_bits(self, outputs: Outputs) -> tf.Tensor:
        kl = outputs["kl"]
        parts = tf.reshape(outputs.get("kl_per_dimension", kl), [tf.shape(kl)[0], -1])  # [N, D]
        is_more = batch_mean(parts, outputs) > self.free_bits
        return tf.reduce_sum(tf.where(is_more, parts, self.free_bits), 1)
