"""UMAP: a nonlinear map of the latent codes to the plane."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import ClassVar

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.code_map import check_images, code_map
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact


@dataclass(frozen=True)
class Umap(Report):
    """UMAP map of the codes, colored by class; nothing for fewer than five codes.

    Takes half a minute, most of it for the compilation of the package.

    McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction", 2018.

    Args:
        images: number of test images (the first ones).
        neighbors: number of nearest neighbors, the code itself among them, whose distances the map keeps; less than the
            number of images.
        min_dist: least distance of points on the map, from 0 to 1; small values draw dense groups.
        seed: of the map.
    """

    of_codes: ClassVar[bool] = True

    images: int
    neighbors: int
    min_dist: float
    seed: int

    def __post_init__(self) -> None:
        check_images(self.images)
        if self.neighbors < 2:
            raise ConfigError(f"`neighbors` must be at least 2. Received neighbors={self.neighbors}.")
        if not 0 <= self.min_dist <= 1:
            raise ConfigError(f"`min_dist` must be from 0 to 1. Received min_dist={self.min_dist}.")
        if find_spec("umap") is None:
            raise ConfigError("the package umap-learn is not installed. Install it: pip install 'aeexp[umap]'.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        return code_map("umap", "UMAP", evaluation, self.images, self.seed, self.to_plane)

    def to_plane(self, codes: np.ndarray) -> np.ndarray:
        """The places of codes [N, D] on the map, [N, 2]."""
        from umap import UMAP  # an extra, and slow to import

        neighbors = min(self.neighbors, len(codes) - 1)
        method = UMAP(n_neighbors=neighbors, min_dist=self.min_dist, random_state=self.seed, n_jobs=1)
        return method.fit_transform(codes)
