"""Latent codes of the probe images as heat maps."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import CELL, draw_grid, frame, probe_titles
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

GAP = 0.07
"""Gap between codes as a fraction of their distance, equal to the gap between the images above them."""


@dataclass(frozen=True)
class LatentCodes(Report):
    """Latent code of each probe image as a heat map below its target, all with a common color scale."""

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probes = evaluation.at_probes()
        if not len(probes.indices):
            return
        codes = [as_image(code) for code in probes.codes]
        rows, columns = codes[0].shape
        aspect = float(np.clip(rows / columns, 0.3, 3))
        title = f"Latent codes of the probe images ({rows}×{columns} values each)"
        figure = Figure(1.2 + CELL * len(codes), 0.7 + CELL * (1 + aspect), title)
        above, below = figure.subplots(2, 1, height_ratios=[1, aspect])
        draw_grid(above, [probes.targets], [""], probe_titles(probes))
        low, high = np.min(codes), np.max(codes)
        for position, code in enumerate(codes):
            drawn = below.imshow(code, vmin=low, vmax=high, extent=(position + GAP, position + 1, 0, 1))
        below.set(xlim=(0, len(codes)), aspect=aspect)
        frame(below)
        figure.colorbar(drawn, ax=[above, below], label="value")
        yield FigureArtifact("latent_codes", figure)


def as_image(code: np.ndarray) -> np.ndarray:
    """A code as a two-dimensional array: feature maps with a row per position (4×4×8 as 16×8), vectors near-square."""
    if code.ndim > 1:
        return code.reshape(-1, code.shape[-1])
    columns = next(n for n in range(math.isqrt(len(code)), 0, -1) if len(code) % n == 0)
    return code.reshape(-1, columns)
