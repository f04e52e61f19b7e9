"""Averages over places that look alike."""

from dataclasses import dataclass

import numpy as np
from skimage.restoration import denoise_nl_means

from aeexp.baselines.filter import Filter


@dataclass(frozen=True)
class NonLocalMeans(Filter):
    """Strengths are the difference, in units of the pixel range, up to which 5×5 pixels count as alike.

    Buades, Coll and Morel, "A Non-Local Algorithm for Image Denoising", 2005.
    """

    def smooth(self, images: np.ndarray, strength: float) -> np.ndarray:
        averaged = [
            denoise_nl_means(image, patch_size=5, patch_distance=6, h=strength, channel_axis=-1) for image in images
        ]
        return np.reshape(averaged, images.shape)  # scikit-image drops a single channel
