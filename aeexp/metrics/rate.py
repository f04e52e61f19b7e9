"""Rate."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np

from aeexp.metrics.metric import DENSITIES, Densities, Metric


@dataclass(frozen=True)
class Rate(Metric):
    """Rate: KL(q(z|x) ‖ p(z)), the nats that a code costs under the prior.

    Alemi et al., "Fixing a Broken ELBO", 2018.
    """

    label: ClassVar[str] = "rate"
    unit: ClassVar[str] = "nats"
    range: ClassVar[tuple[float, float]] = (-inf, inf)
    higher_is_better: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = (DENSITIES,)

    def __call__(self, densities: Densities) -> np.ndarray:
        return densities.divergence_and_distortion()[0]
