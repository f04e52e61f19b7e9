"""Accuracy of a k-nearest-neighbors classifier of the codes."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.errors import ConfigError
from aeexp.metrics.metric import CODES, LABELS, Metric


@dataclass(frozen=True)
class KnnAccuracy(Metric):
    """The part of the images whose class is that of most of their nearest neighbors among the codes of the split.

    Each image is left out of its own neighbors (leave-one-out), so that no classifier is trained and none is drawn.

    Args:
        n_neighbors: that vote; all others where there are fewer.
    """

    label: ClassVar[str] = "kNN accuracy"
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    higher_is_better: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = (CODES, LABELS)

    n_neighbors: int

    def __post_init__(self) -> None:
        if self.n_neighbors < 1:
            raise ConfigError(f"`n_neighbors` must be at least 1. Received n_neighbors={self.n_neighbors}.")

    def __call__(self, codes: np.ndarray, labels: np.ndarray) -> float:
        if len(codes) < 2:
            return float("nan")
        from sklearn.neighbors import KNeighborsClassifier

        classifier = KNeighborsClassifier(min(self.n_neighbors, len(codes) - 1)).fit(codes, labels)
        return float((classifier.predict(None) == labels).mean())
