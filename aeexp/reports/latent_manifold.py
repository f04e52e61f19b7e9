"""What the decoder makes of each place in the latent space."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.latent_scatter import draw_scatter
from aeexp.reports.plotting import DPI, image_grid, mosaic
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact

POINTS = 10_000
"""Points in the scatter beside the grid."""


@dataclass(frozen=True)
class LatentManifold(Report):
    """A grid of decoded places for a plane, a row of them for each dimension of a larger code.

    A code with more numbers than the image is left out: each of them changes too little to be seen.

    Places are counted in units of the prior around 0 for a normal distribution; other codes have no prior, so they
    are counted in standard deviations around their mean.

    Args:
        steps: images along each direction.
        extent: the outermost place on either side.
        spacing: `uniform`, or `quantile` for steps of equal probability under N(0, 1).
        dimensions: rows shown of a code that is no plane, those along which the codes vary most.
    """

    steps: int
    extent: float
    spacing: str
    dimensions: int

    def __post_init__(self) -> None:
        for name, least in (("steps", 2), ("dimensions", 1)):
            if getattr(self, name) < least:
                raise ConfigError(f"`{name}` must be at least {least}. Received {name}={getattr(self, name)}.")
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
    def places(self) -> np.ndarray:
        """[steps], from -extent to extent."""
        if self.spacing == "uniform":
            return np.linspace(-self.extent, self.extent, self.steps)
        normal = NormalDist()
        shares = np.linspace(normal.cdf(-self.extent), normal.cdf(self.extent), self.steps)
        return np.array([normal.inv_cdf(share) for share in shares])

    def _plane(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        x, y = np.meshgrid(self.places, self.places[::-1])  # the first row of pictures is the uppermost
        images = _decode(evaluation, np.column_stack([x.ravel(), y.ravel()]))
        grid = mosaic(images.reshape(self.steps, self.steps, *images.shape[1:]), scale=1, gap=0)
        alone = Figure(figsize=(5, 5), dpi=DPI, layout="constrained")
        self._draw(alone.subplots(), grid, evaluation)
        yield FigureArtifact("latent_grid", alone)
        both = Figure(figsize=(10, 4.6), dpi=DPI, layout="constrained")
        left, right = both.subplots(1, 2)
        draw_scatter(left, evaluation, POINTS)
        self._draw(right, grid, evaluation)
        yield FigureArtifact("latent_manifold", both)

    def _draw(self, axes: Axes, grid: np.ndarray, evaluation: EvaluationResult) -> None:
        axes.imshow(grid, extent=(0, self.steps, 0, self.steps), interpolation="nearest")
        words = [f"{place:.1f}" for place in self.places]
        axes.set_xticks(np.arange(self.steps) + 0.5, words)
        axes.set_yticks(np.arange(self.steps) + 0.5, words)
        unit = "" if evaluation.prior else ", in standard deviations"
        axes.set(title="Decoded places of the latent plane", xlabel=f"z[0]{unit}", ylabel=f"z[1]{unit}")

    def _traversal(self, evaluation: EvaluationResult) -> Figure:
        spread = evaluation.codes.reshape(len(evaluation.codes), -1).std(axis=0)
        shown = np.argsort(-spread, kind="stable")[: self.dimensions]
        places = np.zeros((len(shown), self.steps, spread.size))
        places[np.arange(len(shown)), :, shown] = self.places
        images = _decode(evaluation, places.reshape(-1, spread.size)).reshape(
            len(shown), self.steps, *_shape(evaluation)
        )
        rows = {f"z[{dimension}]": images[row] for row, dimension in enumerate(shown)}
        unit = "" if evaluation.prior else "σ"
        titles = [f"{place:+.1f}{unit}" for place in self.places]
        some = f", the {len(shown)} most active of {spread.size}" if len(shown) < spread.size else ""
        title = f"One dimension of the code varied at a time{some}"
        return image_grid(rows, titles, title)


def _shape(evaluation: EvaluationResult) -> tuple[int, ...]:
    return evaluation.targets.shape[1:]


def _decode(evaluation: EvaluationResult, places: np.ndarray) -> np.ndarray:
    """The images at some places [N, D] in units of the prior, or of the spread of the codes."""
    codes = evaluation.codes
    if evaluation.prior is None:
        flat = codes.reshape(len(codes), -1)
        places = flat.mean(axis=0) + places * flat.std(axis=0)
    return evaluation.decode(places.reshape(len(places), *codes.shape[1:]))
