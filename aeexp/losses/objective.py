"""The weighted sum that training minimises."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.losses.loss import Loss
from aeexp.types import Outputs


@dataclass(frozen=True)
class Objective:
    """Sums its terms.

    Args:
        terms: the losses by their names in the config.
    """

    terms: dict[str, Loss]

    @property
    def names(self) -> list[str]:
        """What a call gives: `loss`, each term, and each `loss_<term>`."""
        return ["loss", *self.terms, *(f"loss_{name}" for name in self.terms)]

    def check(self, available: Collection[str]) -> None:
        """Refuse terms that cannot be computed from the outputs at hand.

        Raises:
            ConfigError: for a missing output, or where there is no term at all.
        """
        if not self.terms:
            raise ConfigError("loss: at least one term is needed. Received none; use e.g. loss=bce.")
        for name, term in self.terms.items():
            missing = [need for need in term.needs if need not in available]
            if missing:
                raise ConfigError(
                    f"loss.{name}: needs the outputs {', '.join(missing)}, which this bottleneck does not give; "
                    "use model/bottleneck=gaussian or model=conv_vae, or leave the term out."
                )

    def weights(self, epoch: int) -> dict[str, float]:
        """The weight of each term in an epoch, counted from 0."""
        return {name: term.weight_at(epoch) for name, term in self.terms.items()}

    def __call__(self, targets: tf.Tensor, outputs: Outputs, weights: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        """What there is to minimise and to report, each float32 [N]."""
        return self.weigh(self.measure(targets, outputs), weights, math.prod(targets.shape[1:]))

    def measure(self, targets: tf.Tensor, outputs: Outputs) -> dict[str, tf.Tensor]:
        """Each term on its natural scale, float32 [N]: a mean over pixels for `bce`, `mse`, `mae`, nats for `kl`."""
        pixels = math.prod(targets.shape[1:])
        values = {name: term(targets, outputs) for name, term in self.terms.items()}
        return {name: value / pixels if self.terms[name].per_pixel else value for name, value in values.items()}

    def weigh(self, measured: Mapping[str, Any], weights: Mapping[str, Any], pixels: int) -> dict[str, Any]:
        """Weigh what was measured of some images, or its means over all of them.

        Returns:
            `loss`, the optimised sum; `loss_<term>`, its weighted parts; and `<term>`, each term as it was measured.
        """
        scales = {name: pixels if term.per_pixel else 1 for name, term in self.terms.items()}
        weighted = {f"loss_{name}": weights[name] * scale * measured[name] for name, scale in scales.items()}
        return {"loss": sum(weighted.values()), **weighted, **{name: measured[name] for name in self.terms}}
