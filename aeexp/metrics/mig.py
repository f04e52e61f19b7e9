"""Mutual information gap (MIG)."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.errors import ConfigError
from aeexp.metrics.metric import CODES, FACTORS, Metric


@dataclass(frozen=True)
class Mig(Metric):
    """How far each factor of the images is told by one number of the code alone: 1 where the code is disentangled.

    Of each factor, the mutual information with the number of the code that has most of it, less that with the second,
    over the entropy of the factor; the mean over the factors that vary. Chen et al., "Isolating Sources of
    Disentanglement in Variational Autoencoders", 2018, with histograms of the means of the codes, as Locatello et al.,
    "Challenging Common Assumptions in the Unsupervised Learning of Disentangled Representations", 2019, compute it.

    Args:
        bins: of equal width, of each number of the code, and of a factor with more values than that.
    """

    label: ClassVar[str] = "MIG"
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    higher_is_better: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = (CODES, FACTORS)

    bins: int

    def __post_init__(self) -> None:
        if self.bins < 2:
            raise ConfigError(f"`bins` must be at least 2. Received bins={self.bins}.")

    def __call__(self, codes: np.ndarray, factors: np.ndarray) -> float:
        binned = [self._binned(code) for code in codes.T]
        gaps = []
        for factor in map(self._levels, factors.T):
            if entropy := _entropy(np.bincount(factor)):
                *_, second, most = sorted([0.0, *(_mutual_information(code, factor) for code in binned)])
                gaps.append((most - second) / entropy)
        return float(np.mean(gaps)) if gaps else float("nan")

    def _levels(self, factor: np.ndarray) -> np.ndarray:
        """The values of a factor as whole numbers, int64 [N]."""
        values, places = np.unique(factor, return_inverse=True)
        return places if len(values) <= self.bins else self._binned(factor)

    def _binned(self, values: np.ndarray) -> np.ndarray:
        """The bin of each value, int64 [N]."""
        edges = np.linspace(values.min(), values.max(), self.bins + 1)
        return np.searchsorted(edges[1:-1], values, side="right")


def _mutual_information(one: np.ndarray, other: np.ndarray) -> float:
    """Of two lists of whole numbers, in nats."""
    both = np.bincount(one * (other.max() + 1) + other)
    return _entropy(np.bincount(one)) + _entropy(np.bincount(other)) - _entropy(both)


def _entropy(counts: np.ndarray) -> float:
    """Of what occurs so often, in nats."""
    parts = counts[counts > 0] / counts.sum()
    return float(-(parts * np.log(parts)).sum())
