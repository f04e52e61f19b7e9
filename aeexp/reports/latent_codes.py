"""What the codes themselves look like."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure as MatplotlibFigure

from aeexp.reports.pictures import draw_grid, frame, probe_titles
from aeexp.reports.report import Report
from aeexp.types import Evaluation, Figure, Item


@dataclass(frozen=True)
class LatentCodes(Report):
    """Each probe's code as an image below its target, all codes on one scale of colours."""

    def __call__(self, evaluation: Evaluation) -> Iterator[Item]:
        probes = evaluation.at_probes()
        if not len(probes.indices):
            return
        codes = [as_image(code) for code in probes.codes]
        rows, columns = codes[0].shape
        proportion = float(np.clip(rows / columns, 0.3, 3))
        size = (2.0 + 0.95 * len(codes), 1.6 + 0.95 * proportion)
        figure = MatplotlibFigure(figsize=size, dpi=110, layout="constrained")
        figure.suptitle(f"Latent codes of the probe images ({rows}×{columns} numbers each)")
        above, below = figure.subplots(2, 1, height_ratios=[1, proportion])
        draw_grid(above, [probes.targets], [""], probe_titles(probes))
        gaps = [(0, 0), (max(1, columns // 14), 0)]
        beside = np.concatenate([np.pad(code, gaps, constant_values=np.nan) for code in codes], axis=1)
        drawn = below.imshow(beside, "viridis", aspect=beside.shape[1] / len(codes) / rows * proportion)
        frame(below)
        figure.colorbar(drawn, ax=[above, below], label="value")
        yield Figure("latent_codes", figure)


def as_image(code: np.ndarray) -> np.ndarray:
    """A code as rows and columns: a row for each place of a grid (4×4×8 becomes 16×8), a vector nearly square."""
    if code.ndim > 1:
        return code.reshape(-1, code.shape[-1])
    columns = next(n for n in range(math.isqrt(len(code)), 0, -1) if len(code) % n == 0)
    return code.reshape(-1, columns)
