"""Median filter."""

from dataclasses import dataclass

import numpy as np
from skimage.filters import median

from aeexp.baselines.filter import Filter


@dataclass(frozen=True)
class Median(Filter):
    """Median filter; strengths are the side lengths of the square window in pixels."""

    def smooth(self, images: np.ndarray, strength: float) -> np.ndarray:
        return median(images, np.ones((1, round(strength), round(strength), 1), bool), mode="nearest")
