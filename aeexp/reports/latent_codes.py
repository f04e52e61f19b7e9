"""What the codes themselves look like."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import CELL, draw_grid, frame, probe_titles, titled_figure
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact

GAP = 0.07
"""Between the codes, as a share of their distance; as wide as that between the pictures above them."""


@dataclass(frozen=True)
class LatentCodes(Report):
    """Each probe's code as an image below its target, all codes on one scale of colours."""

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probes = evaluation.at_probes()
        if not len(probes.indices):
            return
        codes = [as_image(code) for code in probes.codes]
        rows, columns = codes[0].shape
        proportion = float(np.clip(rows / columns, 0.3, 3))
        title = f"Latent codes of the probe images ({rows}×{columns} numbers each)"
        figure = titled_figure(title, 1.2 + CELL * len(codes), 0.7 + CELL * (1 + proportion))
        above, below = figure.subplots(2, 1, height_ratios=[1, proportion])
        draw_grid(above, [probes.targets], [""], probe_titles(probes))
        least, most = np.min(codes), np.max(codes)
        for place, code in enumerate(codes):
            drawn = below.imshow(code, vmin=least, vmax=most, extent=(place + GAP, place + 1, 0, 1))
        below.set(xlim=(0, len(codes)), aspect=proportion)
        frame(below)
        figure.colorbar(drawn, ax=[above, below], label="value")
        yield FigureArtifact("latent_codes", figure)


def as_image(code: np.ndarray) -> np.ndarray:
    """A code as rows and columns: a row for each place of a grid (4×4×8 becomes 16×8), a vector nearly square."""
    if code.ndim > 1:
        return code.reshape(-1, code.shape[-1])
    columns = next(n for n in range(math.isqrt(len(code)), 0, -1) if len(code) % n == 0)
    return code.reshape(-1, columns)
