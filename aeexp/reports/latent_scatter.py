"""Latent scatter plot."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from sklearn.decomposition import PCA

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import draw_points
from aeexp.reports.report import Report
from aeexp.reports.style import Figure, class_colors, class_legend
from aeexp.tracking.artifacts import Artifact, FigureArtifact

PCA_CODES = 2000
"""Number of codes that the principal components are fitted to; a code may have tens of thousands of values."""

LEAST_CODES = 20
"""Codes of which a scatter plot shows more than where these few are."""

CAPTION = "Each point is the code of a test image. A line encloses the densest half of a class; classes that lie \
apart are told apart by the code."


@dataclass(frozen=True)
class LatentScatter(Report):
    """Scatter plot of the latent codes colored by class; codes above two dimensions are projected by PCA.

    Codes of a single number are shown as histograms. Nothing for fewer than twenty codes.

    Args:
        points: number of test images shown (the first ones).
    """

    of_codes: ClassVar[bool] = True

    points: int

    def __post_init__(self) -> None:
        if self.points < 2:
            raise ConfigError(f"`points` must be at least 2. Received points={self.points}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        codes = evaluation.codes[: self.points]
        codes = codes.reshape(len(codes), -1)
        labels = None if evaluation.labels is None else evaluation.labels[: len(codes)]
        kept = np.isfinite(codes).all(axis=1)
        codes, labels = codes[kept], None if labels is None else labels[kept]
        if len(codes) < LEAST_CODES:
            return
        dimensions = codes.shape[1]
        above = f", projected from {dimensions:,} dimensions" if dimensions > 2 else ""
        figure = scatter_figure(f"Codes of {len(codes):,} test images{above}", evaluation, len(kept))
        axes = figure.subplots()
        name = "z_mean" if evaluation.model.bottleneck.mode_output == "mean" else "latent"
        if dimensions == 1:
            _draw_histograms(axes, codes[:, 0], labels, evaluation.class_names)
            axes.set(xlabel=f"{name}[0]", ylabel="test images")
        else:
            plane, axis_labels = latent_plane(codes, name)
            draw_points(axes, plane, labels, evaluation.class_names)
            axes.set(xlabel=axis_labels[0], ylabel=axis_labels[1])
            axes.set_aspect("equal", "datalim")
        yield FigureArtifact("latent_scatter", figure, CAPTION)


def scatter_figure(title: str, evaluation: EvaluationResult, count: int) -> Figure:
    """A figure for points, one for each of the first test images, with a legend of the classes if there are any."""
    classes = evaluation.labels is not None and len(evaluation.class_names) > 0
    figure = Figure(7.0 if classes else 6.0, 5.8, title, evaluation.source.first(count))
    if classes:
        class_legend(figure, evaluation.class_names)
    return figure


def _draw_histograms(axes, values: np.ndarray, labels: np.ndarray | None, names: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    bins = np.histogram_bin_edges(values, min(60, max(5, len(values) // 20)))
    if labels is None or not names:
        axes.hist(values, bins)
        return
    for label in np.unique(labels):
        axes.hist(values[labels == label], bins, histtype="step", linewidth=1.4, color=class_colors(len(names))[label])


def latent_plane(latents: np.ndarray, name: str) -> tuple[np.ndarray, list[str]]:
    """Codes [N, D] projected to two dimensions, [N, 2], and the labels of the axes."""
    dimensions = latents.shape[1]
    if dimensions == 1:
        return np.column_stack([latents, np.zeros(len(latents))]), [f"{name}[0]", ""]
    if dimensions == 2 or len(latents) == 1:  # a single point has no principal components
        return latents[:, :2], [f"{name}[0]", f"{name}[1]"]
    components = PCA(2, random_state=0).fit(latents[:PCA_CODES])
    ratios = np.nan_to_num(components.explained_variance_ratio_)  # codes that are all the same have no variance
    return components.transform(latents), [
        f"principal component {number} ({ratio:.0%} of the variance)" for number, ratio in enumerate(ratios, 1)
    ]
