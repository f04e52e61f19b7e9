"""Usage of a codebook: the part of its entries that is taken at all."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.metrics.metric import COUNTS, Metric


@dataclass(frozen=True)
class CodebookUsage(Metric):
    """The part of the entries of a codebook (or of categories) that at least one code of the split takes."""

    label: ClassVar[str] = "codebook usage"
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    higher_is_better: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = (COUNTS,)

    def __call__(self, counts: np.ndarray) -> float:
        return float((counts > 0).mean())
