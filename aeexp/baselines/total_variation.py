"""Total variation denoising."""

from dataclasses import dataclass

import numpy as np
from skimage.restoration import denoise_tv_chambolle

from aeexp.baselines.filter import Filter


@dataclass(frozen=True)
class TotalVariation(Filter):
    """Total variation denoising; strengths are the weight of the total variation against the data term.

    Chambolle, "An Algorithm for Total Variation Minimization and Applications", 2004.
    """

    def smooth(self, images: np.ndarray, strength: float) -> np.ndarray:
        return np.stack([denoise_tv_chambolle(image, weight=strength, channel_axis=-1) for image in images])
