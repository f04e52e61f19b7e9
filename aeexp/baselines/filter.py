"""Filter: the abstract base class of denoising filters."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Self

import numpy as np

from aeexp.baselines.baseline import Baseline, Examples, RestorationTask, Restorer
from aeexp.errors import ConfigError


@dataclass(frozen=True)
class Filter(Baseline):
    """Denoising filter whose strength is chosen on training images, followed by an affine intensity correction.

    Both minimize the mean squared error on the examples. The correction is needed because noise may have a mean other
    than 0, and clipping reduces contrast.

    Args:
        strengths: candidates, above 0; their meaning depends on the filter.
        images: number of training images to choose on (the first ones).
    """

    strengths: list[float]
    images: int

    def __post_init__(self) -> None:
        if not self.strengths or not min(self.strengths) > 0:
            raise ConfigError(f"`strengths` must hold numbers above 0. Received strengths={self.strengths}.")
        if self.images < 1:
            raise ConfigError(f"`images` must be at least 1. Received images={self.images}.")

    @abstractmethod
    def smooth(self, images: np.ndarray, strength: float) -> np.ndarray:
        """Filter images, float32 [N, H, W, C] -> [N, H, W, C]."""

    def adapt(self, task: RestorationTask) -> Self | None:
        return self if task.corrupted and task.keeps_size else None

    def fit(self, task: RestorationTask, examples: Examples) -> Restorer:
        inputs, targets = examples(self.images)
        smoothed = {strength: self.smooth(inputs, strength) for strength in self.strengths}
        correct = {strength: _correction(values, targets) for strength, values in smoothed.items()}
        best = min(smoothed, key=lambda strength: _error(correct[strength](smoothed[strength]), targets))
        return lambda images: correct[best](self.smooth(images, best))


def _correction(smoothed: np.ndarray, targets: np.ndarray) -> Restorer:
    """The affine map of smoothed images to their targets with the least squared error, clipped to [0, 1]."""
    (variance, covariance), _ = np.cov(smoothed.ravel(), targets.ravel(), dtype=np.float64)
    slope = covariance / variance if variance > 0 else 0.0
    offset = targets.mean() - slope * smoothed.mean()
    return lambda images: np.clip(slope * images + offset, 0, 1).astype(np.float32)


def _error(restored: np.ndarray, targets: np.ndarray) -> float:
    return float(np.mean((restored - targets) ** 2))
