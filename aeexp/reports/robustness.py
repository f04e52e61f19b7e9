"""Robustness to corruptions of other strengths than in training."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.metric import Metric, axis_label
from aeexp.reports.plotting import cell_size, draw_grid
from aeexp.reports.report import Report
from aeexp.reports.style import SMALL_SIZE, Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

MAX_PSNR = 50
"""Upper limit of the axis in dB; the PSNR of a nearly uncorrupted input would otherwise compress all other curves."""


CAPTION = (
    "How the network does where the corruption is weaker or stronger than in training, beside the corrupted input \
itself, and the first test image at each strength."
)


@dataclass(frozen=True)
class Robustness(Report):
    """Metrics of which more is better, such as PSNR, as a function of the corruption strength.

    Nothing if no corruption has a strength.

    Args:
        factors: multiples of the strength in training, or of that in the evaluation if there is none in training;
            strengths that the corruption rejects are skipped.
        images: number of test images per strength (the first ones).
    """

    factors: list[float]
    images: int

    def __post_init__(self) -> None:
        if len(self.factors) < 2 or not min(self.factors) >= 0:
            raise ConfigError(
                f"`factors` must contain two or more numbers, each at least 0. Received factors={self.factors}."
            )
        if self.images < 1:
            raise ConfigError(f"`images` must be at least 1. Received images={self.images}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        for name in evaluation.strengths if _drawn(evaluation) else ():
            if evaluations := self._evaluations(evaluation, name):
                figure = _draw(evaluations, name, evaluation)
                yield FigureArtifact(f"robustness_{name.replace('.', '_')}", figure, CAPTION)

    def _evaluations(self, evaluation: EvaluationResult, name: str) -> dict[float, EvaluationResult]:
        """The evaluation at each valid strength, in ascending order."""
        evaluations: dict[float, EvaluationResult] = {}
        strength = evaluation.strengths[name]
        middle = evaluation.trained_strengths.get(name, strength)
        values = (type(strength)(round(factor * middle, 6)) for factor in self.factors)
        for value in sorted({*values, middle, strength}):
            with suppress(ConfigError):
                evaluations[value] = evaluation.at_strength(name, value, self.images)  # type: ignore[misc]
        return evaluations


def _draw(at: dict[float, EvaluationResult], strength: str, evaluation: EvaluationResult) -> Figure:
    """The curves, and below them the first image at each strength."""
    drawn = _drawn(evaluation)
    size = cell_size({"target": evaluation.targets})
    width = max(4.0 * len(drawn), 2.0 + 1.08 * size[0] * len(at))
    figure = Figure(
        width,
        5.1 + 2.2 * size[1],
        f"Robustness to {strength} of the corruption ({len(at[min(at)].indices)} test images)",
        evaluation.source.first(len(at[min(at)].indices)),
    )
    grid = figure.add_gridspec(2, len(drawn), height_ratios=[3.2, 0.3 + 2.2 * size[1]])
    in_training = evaluation.trained_strengths.get(strength)
    for column, (name, metric) in enumerate(drawn.items()):
        axes = figure.add_subplot(grid[0, column])
        _draw_curves(axes, at, name, metric)
        if in_training is not None:
            axes.axvline(in_training, color="0.4", linestyle="--", label=f"in training ({in_training:g})")
        others = evaluation.strength_settings.get(strength)
        axes.set_xlabel(f"{strength}, always with {others}" if others else strength)
        axes.set(ylabel=axis_label(metric), ylim=(None, min(axes.get_ylim()[1], MAX_PSNR)))
        axes.grid(alpha=0.3)
        axes.legend(fontsize=SMALL_SIZE)
    rows = {
        "input": [each.inputs[0] for each in at.values()],
        "reconstruction": [each.outputs["reconstruction"][0] for each in at.values()],
    }
    titles = [f"{value:g}" for value in at]
    pictures = figure.add_subplot(grid[1, :])
    draw_grid(pictures, {name: np.stack(images) for name, images in rows.items()}, titles, strength)
    return figure


def _draw_curves(axes: Axes, at: dict[float, EvaluationResult], name: str, metric: Metric) -> None:
    axes.plot(list(at), [each.metrics[name].mean() for each in at.values()], marker="o", label="reconstruction")
    if all(each.inputs.shape == each.targets.shape for each in at.values()):
        axes.plot(list(at), [_input_metric(each, metric) for each in at.values()], marker="s", label="input")


def _drawn(evaluation: EvaluationResult) -> dict[str, Metric]:
    return {name: metric for name, metric in evaluation.metric_functions.items() if metric.higher_is_better}


def _input_metric(evaluation: EvaluationResult, metric: Metric) -> float:
    return float(np.mean(metric(evaluation.targets, evaluation.inputs)))
