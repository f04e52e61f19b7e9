"""Samples: images decoded from codes that samplers draw."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import frame, mosaic
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

CAPTION = "Images that the decoder makes of codes drawn from the prior, or from a density fitted to the codes of the \
training images: new images, of no test image. They look like the data where the density follows the codes of the data."

WIDTH = 4.2
"""Inches of the images of one sampler."""


@dataclass(frozen=True)
class Samples(Report):
    """Images decoded from codes drawn by each sampler, side by side; nothing for models that have none.

    Args:
        side: number of images along each side of the square grid.
        seed: of the samples.
    """

    of_codes: ClassVar[bool] = True

    side: int
    seed: int

    def __post_init__(self) -> None:
        if self.side < 1:
            raise ConfigError(f"`side` must be at least 1. Received side={self.side}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        source = evaluation.samples
        if source is None or not source.names:
            return
        grids = {name: self._grid(evaluation, source.codes(name, self.side**2, self.seed)) for name in source.names}
        described = evaluation.source.without_images
        figure = Figure(max(5.0, WIDTH * len(grids)), WIDTH + 1.2, "Samples", described)
        for axes, (name, grid) in zip(np.ravel(figure.subplots(1, len(grids))), grids.items(), strict=True):
            axes.imshow(grid, interpolation="nearest")
            axes.set_title(name.replace("_", " "))
            frame(axes)
        yield FigureArtifact("samples", figure, CAPTION)

    def _grid(self, evaluation: EvaluationResult, codes: np.ndarray) -> np.ndarray:
        images = evaluation.decode(codes)
        return mosaic(images.reshape(self.side, self.side, *images.shape[1:]), scale=1)
