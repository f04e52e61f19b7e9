"""Objective: the weighted sum of loss terms that training minimizes."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.losses.loss import Loss
from aeexp.types import Outputs

MINIMIZED = "minimized_"
"""Before the name of a term: its value, where another one is reported under the name."""


@dataclass(frozen=True)
class Objective:
    """Weighted sum of loss terms.

    Args:
        terms: the losses by their names in the config.
    """

    terms: dict[str, Loss]

    @property
    def names(self) -> list[str]:
        """The names of the returned values: `loss`, each `<term>`, and each `loss_<term>`."""
        return objective_names(self.terms)

    @property
    def directions(self) -> dict[str, bool]:
        """Of each of the names, whether its best value is the largest one."""
        return {name: name in self.terms and self.terms[name].higher_is_better for name in self.names}

    def check(self, available: Collection[str]) -> None:
        """Check that all terms can be computed from the available model outputs.

        Raises:
            ConfigError: if an output is missing, or there are no terms.
        """
        if not self.terms:
            raise ConfigError("loss: at least one term is needed. Received none; use e.g. loss=bce.")
        for name, term in self.terms.items():
            missing = [need for need in term.needs if need not in (*available, *self.learned)]
            if missing:
                raise ConfigError(
                    f"loss.{name}: needs the outputs {', '.join(missing)}, which this bottleneck does not provide; "
                    f"use {term.provided_by}, or remove the term."
                )
        self._check_paths()

    def _check_paths(self) -> None:
        """A term that scales the gradients of the codes stands alone among those that look at decoded codes."""
        for name, term in self.terms.items():
            others = [other for other, each in self.terms.items() if other != name and "reconstruction" in each.needs]
            if "path_scale" in term.needs and others:
                raise ConfigError(
                    f"loss.{name}: gradient=dreg would scale the gradients of {', '.join(others)} too; use "
                    f"loss.{name}.gradient=reparameterized, or leave the others out."
                )

    @property
    def samples(self) -> int:
        """How many codes of each image the terms require; 0 for none but the one that is decoded."""
        return max((term.samples for term in self.terms.values()), default=0)

    @property
    def learned(self) -> dict[str, float]:
        """Numbers that the terms learn, with their first values."""
        return {name: value for term in self.terms.values() for name, value in term.learned.items()}

    @property
    def needs(self) -> set[str]:
        """The model outputs that the terms require."""
        return {need for term in self.terms.values() for need in term.needs}

    @property
    def likelihood(self) -> Loss | None:
        """The term whose `log_likelihood` is log p(x|z), the first of several; None where there is none."""
        return next((term for term in self.terms.values() if term.is_likelihood), None)

    @property
    def has_batch_terms(self) -> bool:
        """Whether a term depends on all images of a batch."""
        return any(term.scope == "batch" for term in self.terms.values())

    @property
    def output_activation(self) -> str | None:
        """What the decoder must end in; None where any will do.

        Raises:
            ConfigError: where two terms need different ones.
        """
        needed = {term.output_activation: name for name, term in self.terms.items() if term.output_activation}
        if len(needed) > 1:
            (first, one), (second, other) = needed.items()
            raise ConfigError(
                f"loss: {one} needs a decoder that ends in {first}, and {other} one that ends in {second}; leave "
                "one of them out."
            )
        return next(iter(needed), None)

    def weights(self, epoch: int) -> dict[str, float]:
        """The weight of each term in an epoch, and the other numbers of their schedules; epochs count from 0."""
        weights = {name: term.weight_at(epoch) for name, term in self.terms.items()}
        return weights | {key: value for term in self.terms.values() for key, value in term.numbers_at(epoch).items()}

    def final_weights(self) -> dict[str, float]:
        """The weight of each term at the end of its schedule."""
        return {name: term.final_weight for name, term in self.terms.items()}

    def __call__(self, targets: tf.Tensor, outputs: Outputs, weights: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        """All values to minimize and to report, as `weigh` returns them, each float32 [N]."""
        numbers = {name: value for name, value in weights.items() if name not in self.terms}
        return self.weigh(self.measure(targets, {**outputs, **numbers}), weights, math.prod(targets.shape[1:]))

    def of_scope(self, scope: str) -> Objective:
        """The terms of images alone, or of batches alone."""
        return Objective({name: term for name, term in self.terms.items() if term.scope == scope})

    def measure(self, targets: tf.Tensor, outputs: Outputs) -> dict[str, tf.Tensor]:
        """Each unweighted term as it is reported, float32 [N]: a mean over pixels, or a sum over latents in nats.

        Of a term that reports another value than it minimizes, the latter is added under `minimized_<term>`.
        """
        values: dict[str, tf.Tensor] = {}
        for name, term in self.terms.items():
            scale = math.prod(targets.shape[1:]) if term.per_pixel else 1
            value, reported = term(targets, outputs), term.reported(targets, outputs)
            values |= (
                {name: value / scale} if reported is None else {name: reported, f"{MINIMIZED}{name}": value / scale}
            )
        return values

    def weigh(self, measured: Mapping[str, Any], weights: Mapping[str, Any], pixels: int) -> dict[str, Any]:
        """Apply the weights to measured terms, per image or averaged over images.

        Args:
            measured: the result of `measure`, or means of it.
            weights: of the terms.
            pixels: number of values in an image.

        Returns:
            `loss`, the minimized sum; `loss_<term>`, its weighted terms; and `<term>`, each term as measured.
        """
        scales = {name: pixels if term.per_pixel else 1 for name, term in self.terms.items()}
        values = {name: measured.get(f"{MINIMIZED}{name}", measured[name]) for name in self.terms}
        weighted = {f"loss_{name}": weights[name] * scale * values[name] for name, scale in scales.items()}
        return {"loss": sum(weighted.values()), **weighted, **{name: measured[name] for name in self.terms}}


def objective_names(terms: Iterable[str]) -> list[str]:
    """What the objective of some terms returns: `loss`, each `<term>`, and each `loss_<term>`."""
    terms = list(terms)
    return ["loss", *terms, *(f"loss_{name}" for name in terms)]


def reported(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is measured without the values that are minimized and not reported."""
    return {name: value for name, value in values.items() if not name.startswith(MINIMIZED)}
