"""How far a model carries beyond what it was trained on."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.metric import Metric, axis_label
from aeexp.reports.plotting import titled_figure
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact

HIGHEST = 50
"""Where the axes end, in dB: an input that is hardly corrupted would press all else to the ground."""


@dataclass(frozen=True)
class Robustness(Report):
    """Metrics of which more is better, such as PSNR, over weaker and stronger corruption.

    Nothing where no corruption has a strength.

    Args:
        factors: multiples of the strength in training, or else in the evaluation; those that a corruption refuses are
            left out.
        images: test images at each, the first ones.
    """

    factors: list[float]
    images: int

    def __post_init__(self) -> None:
        if len(self.factors) < 2 or not min(self.factors) >= 0:
            raise ConfigError(f"`factors` must hold two numbers or more, at least 0. Received factors={self.factors}.")
        if self.images < 1:
            raise ConfigError(f"`images` must be at least 1. Received images={self.images}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        drawn = {name: metric for name, metric in evaluation.measured.items() if metric.higher_is_better}
        for name in evaluation.strengths if drawn else ():
            curves = _curves(self._evaluations(evaluation, name), name, evaluation.trained_strengths.get(name), drawn)
            yield FigureArtifact(f"robustness_{name.replace('.', '_')}", curves)

    def _evaluations(self, evaluation: EvaluationResult, name: str) -> dict[float, EvaluationResult]:
        """The evaluation at each strength that can be, weakest first where more is stronger."""
        judged: dict[float, EvaluationResult] = {}
        strength = evaluation.strengths[name]
        middle = evaluation.trained_strengths.get(name, strength)
        values = (type(strength)(round(factor * middle, 6)) for factor in self.factors)
        for value in sorted({*values, middle, strength}):
            with suppress(ConfigError):
                judged[value] = evaluation.at_strength(name, value, self.images)  # type: ignore[misc]
        return judged


def _curves(
    at: dict[float, EvaluationResult], strength: str, in_training: float | None, drawn: dict[str, Metric]
) -> Figure:
    figure = titled_figure(f"Robustness to corruption.{strength}", 3.75 * len(drawn), 3.6)
    for axes, (name, metric) in zip(figure.subplots(1, len(drawn), squeeze=False)[0], drawn.items(), strict=True):
        axes.plot(list(at), [each.metrics[name].mean() for each in at.values()], marker=".", label="reconstruction")
        if all(each.inputs.shape == each.targets.shape for each in at.values()):
            axes.plot(list(at), [_of_inputs(each, metric) for each in at.values()], marker=".", label="input itself")
        if in_training is not None:
            axes.axvline(in_training, color="gray", linestyle="--", label=f"in training ({in_training:g})")
        axes.set(xlabel=strength, ylabel=axis_label(metric), ylim=(None, min(axes.get_ylim()[1], HIGHEST)))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def _of_inputs(evaluation: EvaluationResult, metric: Metric) -> float:
    return float(np.mean(metric(evaluation.targets, evaluation.inputs)))
