"""Latent scatter plot."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from sklearn.decomposition import PCA

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.report import Report
from aeexp.reports.style import Figure, class_colors, class_label
from aeexp.tracking.artifacts import Artifact, FigureArtifact

NAME_LENGTH = 20
"""Maximum length of a class name next to the color bar."""

MAX_NAMES = 25
"""Maximum number of class names next to the color bar; of more classes, evenly spaced ones are named."""

PCA_CODES = 2000
"""Number of codes that the principal components are fitted to; a code may have tens of thousands of values."""


@dataclass(frozen=True)
class LatentScatter(Report):
    """Scatter plot of the latent codes colored by class; codes above two dimensions are projected by PCA.

    Args:
        points: number of test images shown (the first ones).
    """

    points: int

    def __post_init__(self) -> None:
        if self.points < 2:
            raise ConfigError(f"`points` must be at least 2. Received points={self.points}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        figure = Figure(5.8, 5)
        draw_scatter(figure.subplots(), evaluation, self.points)
        yield FigureArtifact("latent_scatter", figure)


def draw_scatter(axes: Axes, evaluation: EvaluationResult, points: int) -> None:
    """Draw the codes of the first images, with a color bar if there are classes."""
    codes = evaluation.codes[:points]
    plane, labels = latent_plane(codes.reshape(len(codes), -1), "latent" if evaluation.prior is None else "z_mean")
    axes.set(title="Latent codes of the test images", xlabel=labels[0], ylabel=labels[1])
    if evaluation.labels is None or not evaluation.class_names:
        axes.scatter(plane[:, 0], plane[:, 1], s=3, alpha=0.6, linewidths=0)
        return
    count = len(evaluation.class_names)
    colors = ListedColormap(class_colors(count))
    norm = BoundaryNorm(np.arange(count + 1) - 0.5, count)
    axes.scatter(
        plane[:, 0],
        plane[:, 1],
        c=evaluation.labels[: len(codes)],
        cmap=colors,
        norm=norm,
        s=4,
        alpha=0.7,
        linewidths=0,
    )
    bar = axes.figure.colorbar(ScalarMappable(norm, colors), ax=axes)
    named = range(0, count, -(-count // MAX_NAMES))
    bar.set_ticks(named, labels=[class_label(index, evaluation.class_names, NAME_LENGTH) for index in named])


def latent_plane(latents: np.ndarray, name: str) -> tuple[np.ndarray, list[str]]:
    """Codes [N, D] projected to two dimensions, [N, 2], and the labels of the axes."""
    dimensions = latents.shape[1]
    if dimensions == 1:
        return np.column_stack([latents, np.zeros(len(latents))]), [f"{name}[0]", ""]
    if dimensions == 2 or len(latents) == 1:  # a single point has no principal components
        return latents[:, :2], [f"{name}[0]", f"{name}[1]"]
    components = PCA(2, random_state=0).fit(latents[:PCA_CODES])
    ratios = components.explained_variance_ratio_
    return components.transform(latents), [
        f"principal component {number} of {dimensions} dimensions ({ratio:.0%} of the variance)"
        for number, ratio in enumerate(ratios, 1)
    ]
