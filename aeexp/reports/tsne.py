"""t-SNE: a nonlinear map of the latent codes to the plane."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from sklearn.manifold import TSNE

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.code_map import check_images, code_map
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact


@dataclass(frozen=True)
class Tsne(Report):
    """t-SNE map of the codes, colored by class. Takes some seconds; nothing for fewer than five codes.

    van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008.

    Args:
        images: number of test images (the first ones).
        perplexity: number of neighbors that count as near; at most a third of the images.
        seed: of the map.
    """

    of_codes: ClassVar[bool] = True

    images: int
    perplexity: float
    seed: int

    def __post_init__(self) -> None:
        check_images(self.images)
        if not self.perplexity >= 1:
            raise ConfigError(f"`perplexity` must be at least 1. Received perplexity={self.perplexity}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        return code_map("tsne", "t-SNE", evaluation, self.images, self.seed, self.to_plane)

    def to_plane(self, codes: np.ndarray) -> np.ndarray:
        """The places of codes [N, D] on the map, [N, 2]."""
        perplexity = min(self.perplexity, (len(codes) - 1) / 3)
        start = "pca" if codes.shape[1] > 1 else "random"
        return TSNE(2, perplexity=perplexity, init=start, random_state=self.seed).fit_transform(codes)
