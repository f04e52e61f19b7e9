"""Usage of the entries of a codebook."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.codebook_usage import CodebookUsage as Usage
from aeexp.metrics.perplexity import Perplexity
from aeexp.reports.report import Report
from aeexp.reports.style import SMALL_SIZE, Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact, Scalar

MAX_BARS = 200
"""Entries above which a filled curve takes the place of bars."""

STEEP = 10
"""How many times its equal share the most frequent entry takes where the axis becomes logarithmic."""

CAPTION = (
    "How often the codes of the test images take each entry, the most frequent first. Where all are taken equally \
often, at the dashed line, the perplexity is the number of entries; entries at 0 are of no use."
)


@dataclass(frozen=True)
class CodebookUsage(Report):
    """Histogram of the entries that codes are made of, sorted, with perplexity and usage; nothing for other codes.

    Categories with entries of their own, such as those of a Gumbel-softmax code, are sorted each by itself, and their
    mean is drawn.
    """

    of_codes: ClassVar[bool] = True

    higher_is_better: ClassVar[tuple[str, ...]] = ("perplexity", "codebook_usage")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        codes = evaluation.codes
        counts = evaluation.model.bottleneck.counts(codes) if np.isfinite(codes).all() else None
        if counts is None:
            return
        perplexity, usage = Perplexity()(counts), Usage()(counts)
        yield Scalar("latent/perplexity", perplexity)
        yield Scalar("latent/codebook_usage", usage)
        groups, size = counts.shape
        of = f" in each of {groups:,} parts" if groups > 1 else ""
        title = f"{usage:.0%} of {size:,} entries used{of}, perplexity {perplexity:.1f}"
        figure = Figure(6, 4.0, title, evaluation.source.first(len(codes)))
        axes = figure.subplots()
        parts = np.sort(counts / counts.sum(axis=1, keepdims=True), axis=1)[:, ::-1].mean(axis=0)
        if size <= MAX_BARS:
            axes.bar(range(1, size + 1), parts, width=1 if size > 50 else 0.8)
        else:
            axes.fill_between(range(1, size + 1), parts, step="mid")
            axes.plot(range(1, size + 1), parts, drawstyle="steps-mid", linewidth=0.5)
        axes.axhline(1 / size, color="0.35", linestyle="--", label="all equally often")
        if size * parts[0] > STEEP:
            axes.set_yscale("log")
        axes.set(xlabel="entries, in descending order", ylabel="part of the codes", xlim=(0.5, size + 0.5))
        axes.legend(fontsize=SMALL_SIZE)
        yield FigureArtifact("codebook_usage", figure, CAPTION)
