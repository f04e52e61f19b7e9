"""Latent manifold and latent traversal: images decoded from a grid of latent codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from matplotlib.axes import Axes

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.latent_scatter import draw_scatter
from aeexp.reports.plotting import image_grid, mosaic
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

POINTS = 10_000
"""Maximum number of points in the scatter plot next to the grid."""


@dataclass(frozen=True)
class LatentManifold(Report):
    """Images decoded from a grid over a two-dimensional latent space, or traversals of each dimension of a larger one.

    Nothing is drawn for codes with more values than the image, of which a single value has no visible effect.

    Coordinates are those of the latent space if the model has a prior. Otherwise they are standard deviations of the
    codes, relative to their mean.

    Args:
        steps: number of images along each axis.
        extent: largest coordinate in each direction.
        spacing: `uniform`, or `quantile` for steps of equal probability under N(0, 1).
        dimensions: maximum number of dimensions traversed, those with the highest variance first.
    """

    steps: int
    extent: float
    spacing: str
    dimensions: int

    def __post_init__(self) -> None:
        for name, minimum in (("steps", 2), ("dimensions", 1)):
            if getattr(self, name) < minimum:
                raise ConfigError(f"`{name}` must be at least {minimum}. Received {name}={getattr(self, name)}.")
        if not self.extent > 0:
            raise ConfigError(f"`extent` must be above 0. Received extent={self.extent}.")
        if self.spacing not in ("uniform", "quantile"):
            raise ConfigError(f"`spacing` must be uniform or quantile. Received spacing={self.spacing}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        dimensions = evaluation.codes[0].size
        if dimensions == 2:
            yield from self._plane(evaluation)
        elif dimensions < evaluation.targets[0].size:
            yield FigureArtifact("latent_traversal", self._traversal(evaluation))

    @property
    def coordinates(self) -> np.ndarray:
        """The coordinates along an axis, [steps], from -extent to extent."""
        if self.spacing == "uniform":
            return np.linspace(-self.extent, self.extent, self.steps)
        normal = NormalDist()
        quantiles = np.linspace(normal.cdf(-self.extent), normal.cdf(self.extent), self.steps)
        return np.array([normal.inv_cdf(quantile) for quantile in quantiles])

    def _plane(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        x, y = np.meshgrid(self.coordinates, self.coordinates[::-1])  # the first row of images is at the top
        images = _decode(evaluation, np.column_stack([x.ravel(), y.ravel()]))
        grid = mosaic(images.reshape(self.steps, self.steps, *images.shape[1:]), scale=1, gap=0)
        alone = Figure(5, 5)
        self._draw(alone.subplots(), grid, evaluation)
        yield FigureArtifact("latent_grid", alone)
        both = Figure(10, 4.6)
        left, right = both.subplots(1, 2)
        draw_scatter(left, evaluation, POINTS)
        self._draw(right, grid, evaluation)
        yield FigureArtifact("latent_manifold", both)

    def _draw(self, axes: Axes, grid: np.ndarray, evaluation: EvaluationResult) -> None:
        axes.imshow(grid, extent=(0, self.steps, 0, self.steps), interpolation="nearest")
        labels = [f"{coordinate:.1f}" for coordinate in self.coordinates]
        axes.set_xticks(np.arange(self.steps) + 0.5, labels)
        axes.set_yticks(np.arange(self.steps) + 0.5, labels)
        unit = "" if evaluation.prior else ", in standard deviations"
        axes.set(title="Images decoded from the latent plane", xlabel=f"z[0]{unit}", ylabel=f"z[1]{unit}")

    def _traversal(self, evaluation: EvaluationResult) -> Figure:
        std = evaluation.codes.reshape(len(evaluation.codes), -1).std(axis=0)
        shown = np.argsort(-std, kind="stable")[: self.dimensions]
        coordinates = np.zeros((len(shown), self.steps, std.size))
        coordinates[np.arange(len(shown)), :, shown] = self.coordinates
        images = _decode(evaluation, coordinates.reshape(-1, std.size)).reshape(
            len(shown), self.steps, *_shape(evaluation)
        )
        rows = {f"z[{dimension}]": images[row] for row, dimension in enumerate(shown)}
        unit = "" if evaluation.prior else "σ"
        titles = [f"{coordinate:+.1f}{unit}" for coordinate in self.coordinates]
        note = f", the {len(shown)} most active of {std.size}" if len(shown) < std.size else ""
        title = f"Latent traversal: one dimension of the code varied at a time{note}"
        return image_grid(rows, titles, title)


def _shape(evaluation: EvaluationResult) -> tuple[int, ...]:
    return evaluation.targets.shape[1:]


def _decode(evaluation: EvaluationResult, coordinates: np.ndarray) -> np.ndarray:
    """The images decoded from coordinates [N, D]."""
    codes = evaluation.codes
    if evaluation.prior is None:
        flat = codes.reshape(len(codes), -1)
        coordinates = flat.mean(axis=0) + coordinates * flat.std(axis=0)
    return evaluation.decode(coordinates.reshape(len(coordinates), *codes.shape[1:]))
