"""Gaussian filter."""

from dataclasses import dataclass

import numpy as np
from skimage.filters import gaussian

from aeexp.baselines.filter import Filter


@dataclass(frozen=True)
class GaussianBlur(Filter):
    """Gaussian filter; strengths are standard deviations in pixels."""

    def smooth(self, images: np.ndarray, strength: float) -> np.ndarray:
        return gaussian(images, sigma=(0, strength, strength, 0), mode="nearest")
