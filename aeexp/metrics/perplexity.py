"""Perplexity of the entries of a codebook."""

from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np

from aeexp.metrics.metric import COUNTS, Metric


@dataclass(frozen=True)
class Perplexity(Metric):
    """exp(−Σ p_k·log p_k) of how often each entry k is taken: the number of entries if all were taken equally often.

    Of categories with entries of their own, such as those of a Gumbel-softmax code, the mean over the categories.
    """

    label: ClassVar[str] = "perplexity"
    range: ClassVar[tuple[float, float]] = (1.0, inf)
    higher_is_better: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = (COUNTS,)

    def __call__(self, counts: np.ndarray) -> float:
        parts = counts / counts.sum(axis=1, keepdims=True)
        logarithms = np.log(parts, where=parts > 0, out=np.zeros_like(parts))
        return float(np.exp(-(parts * logarithms).sum(axis=1)).mean())
