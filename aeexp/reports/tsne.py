"""t-SNE: a nonlinear map of the latent codes to the plane."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.latent_scatter import scatter_figure
from aeexp.reports.plotting import draw_points, frame
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact

COMPONENTS = 50
"""Principal components that larger codes are reduced to first, as van der Maaten and Hinton recommend."""

LEAST_CODES = 5

CAPTION = "A map on which images with similar codes lie near one another. Only neighborhoods mean something: \
distances between groups, their sizes and the axes do not."


@dataclass(frozen=True)
class Tsne(Report):
    """t-SNE map of the codes, colored by class. Takes some seconds; nothing for fewer than five codes.

    van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008.

    Args:
        images: number of test images (the first ones).
        perplexity: number of neighbors that count as near; at most a third of the images.
        seed: of the map.
    """

    images: int
    perplexity: float
    seed: int

    def __post_init__(self) -> None:
        if self.images < LEAST_CODES:
            raise ConfigError(f"`images` must be at least {LEAST_CODES}. Received images={self.images}.")
        if not self.perplexity >= 1:
            raise ConfigError(f"`perplexity` must be at least 1. Received perplexity={self.perplexity}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        codes = evaluation.codes[: self.images]
        codes = codes.reshape(len(codes), -1)
        kept = np.isfinite(codes).all(axis=1)
        labels = None if evaluation.labels is None else evaluation.labels[: len(codes)][kept]
        codes = codes[kept]
        if len(codes) < LEAST_CODES or np.ptp(codes, axis=0).max() == 0:
            return
        if min(codes.shape) > COMPONENTS:
            codes = PCA(COMPONENTS, random_state=self.seed).fit_transform(codes)
        perplexity = min(self.perplexity, (len(codes) - 1) / 3)
        start = "pca" if codes.shape[1] > 1 else "random"
        with threadpool_limits(1):  # its threads wait for one another longer than they compute
            mapped = TSNE(2, perplexity=perplexity, init=start, random_state=self.seed).fit_transform(codes)
        figure = scatter_figure(f"t-SNE map of the codes of {len(codes):,} test images", evaluation, len(kept))
        axes = figure.subplots()
        draw_points(axes, mapped, labels, evaluation.class_names, contours=False)
        axes.set_aspect("equal", "datalim")
        frame(axes)
        yield FigureArtifact("tsne", figure, CAPTION)
