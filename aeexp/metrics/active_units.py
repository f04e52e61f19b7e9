"""Active units: how many numbers of the code depend on the image."""

from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np

from aeexp.errors import ConfigError
from aeexp.metrics.metric import CODES, Metric


@dataclass(frozen=True)
class ActiveUnits(Metric):
    """How many numbers of the code vary over the images; those of a VAE that do not have collapsed to the prior.

    Burda, Grosse and Salakhutdinov, "Importance Weighted Autoencoders", 2016, section 5.2, with a variance of 0.01.

    Args:
        variance: over the images, of the mean of the code, above which a number counts as active.
    """

    label: ClassVar[str] = "active units"
    range: ClassVar[tuple[float, float]] = (0.0, inf)
    higher_is_better: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = (CODES,)

    variance: float = 0.01

    def __post_init__(self) -> None:
        if not self.variance >= 0:
            raise ConfigError(f"`variance` must be at least 0. Received variance={self.variance}.")

    def __call__(self, codes: np.ndarray) -> int:
        return int((codes.reshape(len(codes), -1).var(axis=0) > self.variance).sum())
