"""What the codes themselves look like."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure as MatplotlibFigure

from aeexp.reports.pictures import frame, probe_titles, show
from aeexp.reports.report import Report
from aeexp.types import Evaluation, Figure, Item


@dataclass(frozen=True)
class LatentCodes(Report):
    """Each probe's code as an image below its target, all codes on one scale of colours."""

    def __call__(self, evaluation: Evaluation) -> Iterator[Item]:
        probes = evaluation.at_probes()
        if not len(probes.indices):
            return
        codes = np.stack([as_image(code) for code in probes.codes])
        count, proportion = len(codes), codes.shape[1] / codes.shape[2]
        code_height = float(np.clip(proportion, 0.3, 3))
        size = (1.3 + 0.95 * count, 1.6 + 0.95 * code_height)
        figure = MatplotlibFigure(figsize=size, dpi=110, layout="constrained")
        figure.suptitle(f"Latent codes of the probe images ({codes.shape[1]}×{codes.shape[2]} numbers each)")
        above, below = figure.subplots(2, count, squeeze=False, height_ratios=[1, code_height])
        for axes, target, title in zip(above, probes.targets, probe_titles(probes), strict=True):
            show(axes, target)
            axes.set_title(title, fontsize=9)
        for axes, code in zip(below, codes, strict=True):
            drawn = axes.imshow(code, "viridis", aspect="auto", vmin=codes.min(), vmax=codes.max())
            frame(axes)
        figure.colorbar(drawn, ax=list(below), label="value")
        yield Figure("latent_codes", figure)


def as_image(code: np.ndarray) -> np.ndarray:
    """A code as rows and columns: a row for each place of a grid (4×4×8 becomes 16×8), a vector nearly square."""
    if code.ndim > 1:
        return code.reshape(-1, code.shape[-1])
    columns = next(n for n in range(math.isqrt(len(code)), 0, -1) if len(code) % n == 0)
    return code.reshape(-1, columns)
