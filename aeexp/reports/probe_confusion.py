"""Confusion matrix of the linear probe on the latent codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.linear_probe import LinearProbe, fit_probe
from aeexp.reports.report import Report
from aeexp.reports.style import SMALL_SIZE, Figure, class_label
from aeexp.tracking.artifacts import Artifact, FigureArtifact

MAX_CLASSES = 30
"""Maximum number of classes whose names stand at the axes."""

MAX_NUMBERS = 12
"""Maximum number of classes for which the counts stand in the cells."""

CAPTION = "Which classes a linear classifier confuses when it sees nothing but the codes: true classes in rows, \
predicted ones in columns. Pairs off the diagonal have codes that no plane separates."


@dataclass(frozen=True)
class ProbeConfusion(Report):
    """Confusion matrix of a linear probe on held-out test images; nothing without at least two classes.

    Args:
        images: number of test images (the first ones); a quarter of them is held out.
        seed: of the split into training and held-out images.
    """

    of_codes: ClassVar[bool] = True

    images: int
    seed: int

    def __post_init__(self) -> None:
        if self.images < 2:
            raise ConfigError(f"`images` must be at least 2. Received images={self.images}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probe = fit_probe(evaluation, self.images, self.seed)
        if probe is None or not len(probe.test):
            return
        classes = np.unique([*probe.labels[probe.test], *probe.predicted])
        held_out = f"{len(probe.test):,} held-out"
        title = f"Linear probe on the codes: {probe.accuracy:.0%} of {held_out} images right"
        side = float(np.clip(0.48 * len(classes), 3.6, 8))
        figure = Figure(side + 2.2, side + 1.4, title, evaluation.source.some(held_out))
        axes = figure.subplots()
        counts = _confusion(probe, classes)
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, interpolation="nearest")
        _label(axes, [class_label(int(each), evaluation.class_names, 16) for each in classes], counts, shares)
        figure.colorbar(image, ax=axes, label="share of the true class", shrink=0.85)
        yield FigureArtifact("probe_confusion", figure, CAPTION)


def _confusion(probe: LinearProbe, classes: np.ndarray) -> np.ndarray:
    """Counts [true, predicted] of the held-out images."""
    counts = np.zeros((len(classes), len(classes)), np.int64)
    true, predicted = (np.searchsorted(classes, each) for each in (probe.labels[probe.test], probe.predicted))
    np.add.at(counts, (true, predicted), 1)
    return counts


def _label(axes: Axes, names: list[str], counts: np.ndarray, shares: np.ndarray) -> None:
    axes.set(xlabel="predicted class", ylabel="true class")
    if len(names) <= MAX_CLASSES:
        rotation = 90 if max(map(len, names)) > 3 else 0
        axes.set_xticks(range(len(names)), names, rotation=rotation)
        axes.set_yticks(range(len(names)), names)
    if len(names) <= MAX_NUMBERS:
        for row, column in np.argwhere(counts):
            color = "white" if shares[row, column] > 0.5 else "black"
            text = axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=color)
            text.set(fontsize=SMALL_SIZE, in_layout=False)
