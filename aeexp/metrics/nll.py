"""Negative log-likelihood by importance sampling."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np
from scipy.special import logsumexp

from aeexp.errors import ConfigError
from aeexp.metrics.metric import DENSITIES, Densities, Metric


@dataclass(frozen=True)
class Nll(Metric):
    """−log p(x), estimated from codes of the posterior: −log 1/S Σₛ p(x|zₛ)·p(zₛ)/q(zₛ|x).

    The estimate is on average too high, by less the more samples there are (Burda, Grosse and Salakhutdinov,
    "Importance Weighted Autoencoders", 2016, section 3); published figures take 200 to 5,000.

    Args:
        samples: S, of each image.
    """

    label: ClassVar[str] = "NLL"
    unit: ClassVar[str] = "nats"
    range: ClassVar[tuple[float, float]] = (-inf, inf)
    higher_is_better: ClassVar[bool] = False
    needs: ClassVar[tuple[str, ...]] = (DENSITIES,)

    samples: int

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise ConfigError(f"`samples` must be at least 1. Received samples={self.samples}.")

    def __call__(self, densities: Densities) -> np.ndarray:
        blocks = [np.log(self.samples) - logsumexp(each, axis=1) for each in densities.log_weights(self.samples)]
        return np.concatenate(blocks).astype(np.float32)
