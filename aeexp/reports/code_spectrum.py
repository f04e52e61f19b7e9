"""Spectrum and correlation of the latent codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.report import Report
from aeexp.reports.style import SMALL_SIZE, Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact, Scalar

MAX_VALUES = 512
"""Values of the code that the spectrum is taken of, those with the largest variance."""

CAPTION = "Left: how much of the variance of the codes lies in each principal component; a steep fall means that few \
directions carry all. Right: how the numbers of the code vary together; off the diagonal, white is independent."


@dataclass(frozen=True)
class CodeSpectrum(Report):
    """Variance of the codes by principal component, and the correlation matrix of their values.

    The effective dimension, the participation ratio (Σλ)² / Σλ² of the variances λ, counts the directions that are in
    use. Nothing for codes of a single value, or of which fewer than two vary.

    Args:
        images: number of test images (the first ones).
        dimensions: maximum number of values in the correlation matrix, those with the largest variance.
    """

    of_codes: ClassVar[bool] = True

    higher_is_better: ClassVar[tuple[str, ...]] = ("effective_dimension",)

    images: int
    dimensions: int

    def __post_init__(self) -> None:
        for name in ("images", "dimensions"):
            if getattr(self, name) < 2:
                raise ConfigError(f"`{name}` must be at least 2. Received {name}={getattr(self, name)}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        codes = evaluation.codes[: self.images]
        codes = codes.reshape(len(codes), -1).astype(np.float64)
        codes = codes[np.isfinite(codes).all(axis=1)]
        if len(codes) < 3:
            return
        size, variances = codes.shape[1], codes.var(axis=0)
        order = np.argsort(-variances, kind="stable")[:MAX_VALUES]
        order = order[variances[order] > 1e-12]
        if len(order) < 2:
            return
        spectrum = np.linalg.eigvalsh(np.cov(codes[:, order].T))[::-1].clip(0)
        effective = float(spectrum.sum() ** 2 / (spectrum**2).sum())
        yield Scalar("latent/effective_dimension", effective)
        title = f"Variance and correlation of the codes: {effective:.1f} of {size:,} dimensions effective"
        figure = Figure(11, 4.9, title, evaluation.source.first(len(evaluation.codes[: self.images])))
        left, right = figure.subplots(1, 2)
        _draw_spectrum(left, spectrum / spectrum.sum())
        shown = np.sort(order[: self.dimensions])
        image = right.imshow(np.corrcoef(codes[:, shown].T), cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest")
        some = f"the {len(shown)} most variable of {size:,}" if len(shown) < size else "all"
        right.set(title=f"correlation of the numbers of the code ({some})")
        if len(shown) <= 16:
            labels = [f"z[{dimension}]" for dimension in shown]
            right.set_xticks(range(len(shown)), labels, rotation=90)
            right.set_yticks(range(len(shown)), labels)
        else:
            right.set(xlabel="number of the code", ylabel="number of the code")
        figure.colorbar(image, ax=right, label="correlation", shrink=0.85)
        yield FigureArtifact("code_spectrum", figure, CAPTION)


def _draw_spectrum(axes: Axes, fractions: np.ndarray) -> None:
    numbers = np.arange(1, len(fractions) + 1)
    small = len(fractions) <= 40
    axes.plot(numbers, fractions, marker="o" if small else "", label="each component")
    axes.plot(numbers, np.cumsum(fractions), marker="s" if small else "", label="all up to it")
    axes.set(xlabel="principal component", ylabel="fraction of the variance", ylim=(0, 1.03))
    axes.set_title("variance of the principal components")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=SMALL_SIZE)
