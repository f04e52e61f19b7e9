"""Non-local means denoising."""

from dataclasses import dataclass

import numpy as np
from skimage.restoration import denoise_nl_means

from aeexp.baselines.filter import Filter


@dataclass(frozen=True)
class NonLocalMeans(Filter):
    """Non-local means over 5×5 patches; strengths are the filter parameter h in units of the pixel range [0, 1].

    Buades, Coll and Morel, "A Non-Local Algorithm for Image Denoising", 2005.
    """

    def smooth(self, images: np.ndarray, strength: float) -> np.ndarray:
        averaged = [
            denoise_nl_means(image, patch_size=5, patch_distance=6, h=strength, channel_axis=-1) for image in images
        ]
        return np.reshape(averaged, images.shape)  # scikit-image drops a single channel
