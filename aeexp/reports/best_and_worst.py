"""Best and worst cases: the test images that the model reconstructs most and least accurately."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.metric import axis_label
from aeexp.reports.plotting import NOTE, cell_size, difference_row, draw_grid, probe_heading, probe_titles
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

CAPTION = "The test images that the network reconstructs best and worst. What the worst have in common shows what it \
has not learned. In the differences red is too bright and blue too dark."


KINDS = ("best", "worst")


@dataclass(frozen=True)
class BestAndWorst(Report):
    """Test images with the best and the worst value of a metric, with input, reconstruction, difference and target.

    Nothing if the metric is not measured, or for fewer than two images.

    Args:
        metric: by which the images are ranked.
        count: maximum number of images of either kind.
    """

    metric: str
    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ConfigError(f"`count` must be at least 1. Received count={self.count}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        metric = evaluation.metric_functions.get(self.metric)
        if metric is None or len(evaluation.indices) < 2:
            return
        values = evaluation.metrics[self.metric]
        order = np.argsort(-values if metric.higher_is_better else values, kind="stable")
        order = order[np.isfinite(values[order])]
        count = min(self.count, len(order) // 2)
        if not count:
            return
        title = f"Best and worst of {len(order):,} test images by {axis_label(metric)}"
        width, height = cell_size({"target": evaluation.targets[:1]})
        figure_height = 1.5 + 2 * height * (4 * 1.08 + NOTE)
        source = evaluation.source.some(f"{count} best and {count} worst")
        figure = Figure(1.5 + 1.08 * width * count, figure_height, title, source)
        for axes, rows, name in zip(figure.subplots(2, 1), (order[:count], order[::-1][:count]), KINDS, strict=True):
            axes.set_title(name, loc="left", fontweight="bold")
            _draw(
                axes,
                evaluation,
                rows,
                [f"{value:.1f} dB" if metric.unit == "dB" else f"{value:.3g}" for value in values[rows]],
            )
        yield FigureArtifact("best_and_worst", figure, CAPTION)


def _draw(axes: Axes, evaluation: EvaluationResult, rows: np.ndarray, notes: list[str]) -> None:
    targets, outputs = evaluation.targets[rows], evaluation.outputs["reconstruction"][rows]
    labels = None if evaluation.labels is None else evaluation.labels[rows]
    names = None if evaluation.names is None else evaluation.names[rows]
    shown = replace(evaluation, indices=evaluation.indices[rows], labels=labels, names=names)
    images = {
        "input": evaluation.inputs[rows],
        "reconstruction": outputs,
        **difference_row(outputs, targets),
        "target": targets,
    }
    draw_grid(axes, images, probe_titles(shown), probe_heading(shown), {"reconstruction": notes})
