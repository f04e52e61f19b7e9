"""Error by class: the distribution of a metric over the test images of each class."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.metric import axis_label
from aeexp.reports.report import Report
from aeexp.reports.style import SMALL_SIZE, Figure, class_colors, class_label
from aeexp.tracking.artifacts import Artifact, FigureArtifact, TableArtifact

MAX_CLASSES = 20
"""Maximum number of classes shown, those with the worst medians."""

BINS, HEIGHT = 40, 0.92
"""Bins of the histograms, and the height of the largest as a fraction of their distance."""

Group = tuple[int, str, np.ndarray]
"""Label and name of a class, and the finite values of its images."""

CAPTION = "How well the test images of each class are reconstructed: a histogram for each class, with its median as a \
line, the best class first."


@dataclass(frozen=True)
class ErrorByClass(Report):
    """Histograms of a metric over the test images of each class.

    Nothing without classes, and if the metric is not measured.

    Args:
        metric: whose values are counted.
    """

    metric: str

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        metric = evaluation.metric_functions.get(self.metric)
        values = evaluation.metrics.get(self.metric)
        if metric is None or values is None or not np.isfinite(values).any():
            return
        if evaluation.labels is None or not evaluation.class_names:
            return
        groups = _groups(evaluation, evaluation.labels, values, -1 if metric.higher_is_better else 1)
        shown = groups[-MAX_CLASSES:]
        note = f", the worst {MAX_CLASSES} of {len(groups)}" if len(groups) > MAX_CLASSES else ""
        colors = class_colors(len(evaluation.class_names))
        figure = Figure(6.4, 1.7 + 0.36 * max(4, len(shown)), f"{metric.label} by class{note}", evaluation.source.whole)
        _draw(figure.subplots(), shown, colors)
        figure.axes[0].set_xlabel(axis_label(metric))
        yield FigureArtifact("error_by_class", figure, CAPTION)
        columns: dict[str, list] = {
            "class": [name for _, name, _ in groups],
            "images": [len(each) for _, _, each in groups],
            f"mean {self.metric}": [float(each.mean()) for _, _, each in groups],
            f"median {self.metric}": [float(np.median(each)) for _, _, each in groups],
        }
        yield TableArtifact("error_by_class", columns)


def _groups(evaluation: EvaluationResult, labels: np.ndarray, values: np.ndarray, sign: int) -> list[Group]:
    """The best median first."""
    finite = np.isfinite(values)
    groups = [
        (int(label), class_label(int(label), evaluation.class_names), values[finite & (labels == label)])
        for label in np.unique(labels[finite])
    ]
    return sorted(groups, key=lambda group: sign * float(np.median(group[2])))


def _draw(axes: Axes, groups: list[Group], colors: np.ndarray) -> None:
    edges = np.histogram_bin_edges(np.concatenate([values for *_, values in groups]), BINS)
    for base, (label, _, values) in enumerate(reversed(groups)):
        counts, _ = np.histogram(values, edges)
        tops = base + HEIGHT * counts / counts.max()
        axes.fill_between(edges, base, [*tops, tops[-1]], step="post", linewidth=0, color=colors[label])
        axes.plot([np.median(values)] * 2, [base, base + HEIGHT], color="0.1", linewidth=1.5)
        axes.axhline(base, color="0.8", linewidth=0.6)
    names = [f"{name} ({len(values):,})" for _, name, values in reversed(groups)]
    axes.set_yticks(np.arange(len(groups)) + HEIGHT / 2, names, fontsize=SMALL_SIZE)
    axes.tick_params(axis="y", length=0)
    axes.set(ylim=(-0.1, len(groups) + 0.1), ylabel="class (test images)")
    axes.spines["left"].set_visible(False)
