"""Latent manifold and latent traversal: images decoded from a grid of latent codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import draw_points, image_grid, mosaic
from aeexp.reports.report import Report
from aeexp.reports.style import Figure, class_legend
from aeexp.tracking.artifacts import Artifact, FigureArtifact

POINTS = 10_000
"""Maximum number of points in the scatter plot next to the grid."""

REACH = 0.98
"""Fraction of the coordinates of the codes that the grid reaches where its extent is not given."""

GRID_CAPTION = "Images that the decoder makes of a grid of codes over the latent plane: neighboring codes give \
similar images where the code is smooth."

BOTH_CAPTION = (
    "Where the codes of the test images lie (left), and what the decoder makes of each place (right), on the \
same axes."
)

TRAVERSAL_CAPTION = (
    "Each row varies one number of the code and leaves the others at their mean, as in the middle column; \
it shows what that number stands for. The dimensions with the largest spread come first."
)


@dataclass(frozen=True)
class LatentManifold(Report):
    """Images decoded from a grid over a two-dimensional latent space, or traversals of each dimension of a larger one.

    Nothing is drawn for codes with more values than the image, of which a single value has no visible effect, and for
    codes whose numbers depend on each other: entries of a codebook and points of a sphere.

    Coordinates are those of the latent space if the model has a prior. Otherwise they are standard deviations of the
    codes, relative to their mean.

    Args:
        steps: number of images along each axis; a traversal adds one to an even number, so that 0 is among them.
        extent: largest coordinate in each direction; None reaches nearly all codes.
        spacing: `uniform`, or `quantile` for steps of equal probability under N(0, 1).
        dimensions: maximum number of dimensions traversed, those with the highest variance first.
    """

    of_codes: ClassVar[bool] = True

    steps: int
    extent: float | None
    spacing: str
    dimensions: int

    def __post_init__(self) -> None:
        for name, minimum in (("steps", 2), ("dimensions", 1)):
            if getattr(self, name) < minimum:
                raise ConfigError(f"`{name}` must be at least {minimum}. Received {name}={getattr(self, name)}.")
        if self.extent is not None and not self.extent > 0:
            raise ConfigError(f"`extent` must be above 0, or null. Received extent={self.extent}.")
        if self.spacing not in ("uniform", "quantile"):
            raise ConfigError(f"`spacing` must be uniform or quantile. Received spacing={self.spacing}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        codes = evaluation.codes.reshape(len(evaluation.codes), -1)
        if not (np.isfinite(codes).all() and _numbers_are_free(evaluation)):
            return
        if codes.shape[1] == 2:
            yield from self._plane(evaluation, codes)
        elif codes.shape[1] < evaluation.targets[0].size:
            yield FigureArtifact("latent_traversal", self._traversal(evaluation, codes), TRAVERSAL_CAPTION)

    def coordinates(self, steps: int, reach: float) -> np.ndarray:
        """The coordinates along an axis, [steps], from -extent to extent."""
        extent = self.extent or reach
        if self.spacing == "uniform":
            return np.linspace(-extent, extent, steps)
        normal = NormalDist()
        quantiles = np.linspace(normal.cdf(-extent), normal.cdf(extent), steps)
        return np.array([normal.inv_cdf(quantile) for quantile in quantiles])

    def _plane(self, evaluation: EvaluationResult, codes: np.ndarray) -> Iterator[Artifact]:
        places = (codes - _center(evaluation, codes)) / _unit(evaluation, codes)
        axis = self.coordinates(self.steps, _reach(places))
        x, y = np.meshgrid(axis, axis[::-1])  # the first row of images is at the top
        images = _decode(evaluation, np.column_stack([x.ravel(), y.ravel()]))
        grid = mosaic(images.reshape(self.steps, self.steps, *images.shape[1:]), scale=1, gap=0)
        alone = Figure(5.6, 5.9, "Images decoded from the latent plane", evaluation.source.without_images)
        _draw_grid(alone.subplots(), grid, axis, evaluation)
        yield FigureArtifact("latent_grid", alone, GRID_CAPTION)
        classes = evaluation.labels is not None and len(evaluation.class_names) > 0
        source = evaluation.source.first(min(POINTS, len(codes)))
        both = Figure(11.6 if classes else 10.6, 5.7, "Codes of the test images, and images of the codes", source)
        left, right = both.subplots(1, 2, sharex=True, sharey=True)
        labels = None if evaluation.labels is None else evaluation.labels[: len(codes)][:POINTS]
        draw_points(left, _cells(places[:POINTS], axis), labels, evaluation.class_names)
        _draw_grid(right, grid, axis, evaluation)
        _label(left, axis, evaluation)
        if classes:
            class_legend(both, evaluation.class_names)
        yield FigureArtifact("latent_manifold", both, BOTH_CAPTION)

    def _traversal(self, evaluation: EvaluationResult, codes: np.ndarray) -> Figure:
        std = codes.std(axis=0)
        shown = np.argsort(-std, kind="stable")[: self.dimensions]
        places = (codes - _center(evaluation, codes)) / _unit(evaluation, codes)
        axis = self.coordinates(self.steps | 1, _reach(places[:, shown]))
        coordinates = np.zeros((len(shown), len(axis), std.size))
        coordinates[np.arange(len(shown)), :, shown] = axis
        images = _decode(evaluation, coordinates.reshape(-1, std.size))
        images = images.reshape(len(shown), len(axis), *images.shape[1:])
        rows = {f"z[{dimension}] (σ {std[dimension]:.2g})": images[row] for row, dimension in enumerate(shown)}
        unit = "" if _has_scale(evaluation) else "σ"
        titles = [f"{coordinate:+.1f}{unit}" if coordinate else "0" for coordinate in axis.round(6)]
        note = f" ({len(shown)} of {std.size:,})" if len(shown) < std.size else ""
        title = f"Latent traversal: one number of the code varied at a time{note}"
        heading = "value" if _has_scale(evaluation) else "from the mean"
        return image_grid(rows, titles, title, evaluation.source.without_images, heading)


def _numbers_are_free(evaluation: EvaluationResult) -> bool:
    """Whether a number of the code can be varied while the others stay."""
    bottleneck = evaluation.model.bottleneck
    return bottleneck.support == "real" and not bottleneck.has_entries


def _has_scale(evaluation: EvaluationResult) -> bool:
    """Whether the prior gives the scale of the codes; else it is their own."""
    return evaluation.prior is not None and evaluation.prior.is_standard_normal


def _center(evaluation: EvaluationResult, codes: np.ndarray) -> np.ndarray:
    """What the coordinates are relative to."""
    return np.zeros(codes.shape[1]) if _has_scale(evaluation) else codes.mean(axis=0)


def _unit(evaluation: EvaluationResult, codes: np.ndarray) -> np.ndarray:
    """What the coordinates count in."""
    std = codes.std(axis=0)
    return np.ones(codes.shape[1]) if _has_scale(evaluation) else np.where(std > 0, std, 1)


def _reach(places: np.ndarray) -> float:
    """The largest coordinate of nearly all codes, to one decimal and at least 1."""
    return max(1.0, round(float(np.quantile(np.abs(places), REACH)), 1))


def _cells(places: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """Where codes lie on the axes of the grid, which count its images; NaN beyond the edges of the grid."""
    edges = np.array([2 * axis[0] - axis[1], *axis, 2 * axis[-1] - axis[-2]])
    cells = np.interp(places, edges, np.arange(len(edges)) - 0.5)
    inside = (cells > 0) & (cells < len(axis))
    return np.where(inside.all(axis=1, keepdims=True), cells, np.nan)


def _draw_grid(axes: Axes, grid: np.ndarray, axis: np.ndarray, evaluation: EvaluationResult) -> None:
    axes.imshow(grid, extent=(0, len(axis), 0, len(axis)), interpolation="nearest")
    _label(axes, axis, evaluation)


def _label(axes: Axes, axis: np.ndarray, evaluation: EvaluationResult) -> None:
    labels = [f"{coordinate:.1f}" for coordinate in axis]
    axes.set_xticks(np.arange(len(axis)) + 0.5, labels)
    axes.set_yticks(np.arange(len(axis)) + 0.5, labels)
    unit = "" if _has_scale(evaluation) else ", in standard deviations from the mean"
    axes.set(xlim=(0, len(axis)), ylim=(0, len(axis)), aspect="equal", xlabel=f"z[0]{unit}", ylabel=f"z[1]{unit}")


def _decode(evaluation: EvaluationResult, coordinates: np.ndarray) -> np.ndarray:
    """The images decoded from coordinates [N, D]."""
    codes = evaluation.codes
    flat = codes.reshape(len(codes), -1)
    latents = _center(evaluation, flat) + coordinates * (1 if _has_scale(evaluation) else flat.std(axis=0))
    return evaluation.decode_nearest(latents.reshape(len(coordinates), *codes.shape[1:]))
