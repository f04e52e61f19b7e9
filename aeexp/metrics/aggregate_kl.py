"""Divergence of the aggregate posterior from the prior."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar

from aeexp.errors import ConfigError
from aeexp.metrics.metric import DENSITIES, Densities, Metric


@dataclass(frozen=True)
class AggregateKl(Metric):
    """KL(q(z) ‖ p(z)) of the aggregate posterior from the prior: how far codes of images lie from drawn ones.

    Hoffman and Johnson, "ELBO surgery", 2016. The estimate counts the aggregate q(z) as the mean of the posteriors of
    all images of the split, so that it knows of no other images.

    Args:
        images: of how many images a code is drawn.
    """

    label: ClassVar[str] = "aggregate KL"
    unit: ClassVar[str] = "nats"
    range: ClassVar[tuple[float, float]] = (-inf, inf)
    higher_is_better: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = (DENSITIES,)

    images: int

    def __post_init__(self) -> None:
        if self.images < 1:
            raise ConfigError(f"`images` must be at least 1. Received images={self.images}.")

    def __call__(self, densities: Densities) -> float:
        samples = densities.aggregate(self.images)
        return float((samples.log_aggregate - samples.log_prior).mean())
