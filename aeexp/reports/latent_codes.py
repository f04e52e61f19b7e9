"""Latent codes of the probe images as heat maps."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import cell_size, draw_grid, frame, probe_heading, probe_titles
from aeexp.reports.report import Report
from aeexp.reports.style import SMALL_SIZE, Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

GAP = 0.07
"""Gap between codes as a fraction of their distance, equal to the gap between the images above them."""

CAPTION = (
    "Each probe image as the network saw it, the code that the encoder makes of it, and the image that the decoder \
makes of the code. All codes have one color scale."
)


@dataclass(frozen=True)
class LatentCodes(Report):
    """Latent code of each probe image as a heat map between input and reconstruction, with a common color scale."""

    of_codes: ClassVar[bool] = True

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probes = evaluation.at_probes()
        if not len(probes.indices) or not np.isfinite(probes.codes).any():
            return
        codes = [as_image(code) for code in probes.codes]
        rows, columns = codes[0].shape
        cell_width, cell_height = cell_size({"input": probes.targets})
        aspect = float(np.clip(rows / columns, 0.3, 3))
        title = f"Latent codes of the probe images ({np.size(codes[0]):,} values, drawn as {rows}×{columns})"
        height = 1.15 + 2.2 * cell_height + aspect * cell_width
        source = evaluation.source.probes(len(codes))
        figure = Figure(2.0 + 1.08 * cell_width * len(codes), height, title, source)
        above, middle, below = figure.subplots(3, 1, height_ratios=[cell_height, aspect * cell_width, cell_height])
        draw_grid(above, {"input": probes.inputs}, probe_titles(probes), probe_heading(probes))
        draw_grid(below, {"reconstruction": probes.outputs["reconstruction"]}, [""] * len(codes))
        finite = np.concatenate([code[np.isfinite(code)] for code in codes])
        for position, code in enumerate(codes):
            place = (position + GAP, position + 1, 0, 1)
            drawn = middle.imshow(code, vmin=finite.min(), vmax=finite.max(), extent=place, interpolation="nearest")
        middle.set(xlim=(0, len(codes)), aspect=aspect)
        frame(middle)
        middle.set_yticks([0.5], ["code"], fontsize=SMALL_SIZE)
        middle.tick_params(length=0)
        figure.colorbar(drawn, ax=[above, middle, below], label="value of the code", shrink=0.8)
        yield FigureArtifact("latent_codes", figure, CAPTION)


def as_image(code: np.ndarray) -> np.ndarray:
    """A code as a two-dimensional array: feature maps with a row per position (4×4×8 as 16×8), vectors near-square."""
    if code.ndim > 1:
        return code.reshape(-1, code.shape[-1])
    columns = next(n for n in range(math.isqrt(len(code)), 0, -1) if len(code) % n == 0)
    return code.reshape(-1, columns)
