"""Robustness to corruptions of other strengths than in training."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.metric import Metric, axis_label
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

MAX_PSNR = 50
"""Upper limit of the axis in dB; the PSNR of a nearly uncorrupted input would otherwise compress all other curves."""


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
        drawn = {name: metric for name, metric in evaluation.metric_functions.items() if metric.higher_is_better}
        for name in evaluation.strengths if drawn else ():
            curves = _curves(self._evaluations(evaluation, name), name, evaluation.trained_strengths.get(name), drawn)
            yield FigureArtifact(f"robustness_{name.replace('.', '_')}", curves)

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


def _curves(
    at: dict[float, EvaluationResult], strength: str, in_training: float | None, drawn: dict[str, Metric]
) -> Figure:
    figure = Figure(3.75 * len(drawn), 3.6, f"Robustness to corruption.{strength}")
    for axes, (name, metric) in zip(figure.subplots(1, len(drawn), squeeze=False)[0], drawn.items(), strict=True):
        axes.plot(list(at), [each.metrics[name].mean() for each in at.values()], marker=".", label="reconstruction")
        if all(each.inputs.shape == each.targets.shape for each in at.values()):
            axes.plot(list(at), [_input_metric(each, metric) for each in at.values()], marker=".", label="input")
        if in_training is not None:
            axes.axvline(in_training, color="gray", linestyle="--", label=f"in training ({in_training:g})")
        axes.set(xlabel=strength, ylabel=axis_label(metric), ylim=(None, min(axes.get_ylim()[1], MAX_PSNR)))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def _input_metric(evaluation: EvaluationResult, metric: Metric) -> float:
    return float(np.mean(metric(evaluation.targets, evaluation.inputs)))
