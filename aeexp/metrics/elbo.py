"""Evidence lower bound."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np

from aeexp.metrics.metric import DENSITIES, Densities, Metric


@dataclass(frozen=True)
class Elbo(Metric):
    """Evidence lower bound: log p(x|z) − KL(q(z|x) ‖ p(z)), with one code of each image.

    Kingma and Welling, "Auto-Encoding Variational Bayes", 2014.
    """

    label: ClassVar[str] = "ELBO"
    unit: ClassVar[str] = "nats"
    range: ClassVar[tuple[float, float]] = (-inf, inf)
    higher_is_better: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = (DENSITIES,)

    def __call__(self, densities: Densities) -> np.ndarray:
        divergence, distortion = densities.divergence_and_distortion()
        return -(divergence + distortion)
