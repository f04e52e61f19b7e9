"""Robustness to corruptions of other strengths than in training."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.image_metrics import image_metrics
from aeexp.reports.plotting import titled_figure
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact

METRICS = {"psnr": "PSNR (dB)", "ssim": "SSIM"}

MAX_PSNR = 50
"""Upper limit of the axis in dB; the PSNR of a nearly uncorrupted input would otherwise compress all other curves."""


@dataclass(frozen=True)
class Robustness(Report):
    """PSNR and SSIM as a function of the corruption strength; nothing if no corruption has a strength.

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
        for name in evaluation.strengths:
            curves = _curves(self._evaluations(evaluation, name), name, evaluation.trained_strengths.get(name))
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


def _curves(at: dict[float, EvaluationResult], name: str, in_training: float | None) -> Figure:
    figure = titled_figure(f"Robustness to corruption.{name}", 7.5, 3.6)
    for axes, (metric, label) in zip(figure.subplots(1, 2), METRICS.items(), strict=True):
        axes.plot(list(at), [each.metrics[metric].mean() for each in at.values()], marker=".", label="reconstruction")
        if all(each.inputs.shape == each.targets.shape for each in at.values()):
            axes.plot(list(at), [_input_metric(each, metric) for each in at.values()], marker=".", label="input")
        if in_training is not None:
            axes.axvline(in_training, color="gray", linestyle="--", label=f"in training ({in_training:g})")
        axes.set(xlabel=name, ylabel=label, ylim=(None, min(axes.get_ylim()[1], MAX_PSNR)))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def _input_metric(evaluation: EvaluationResult, metric: str) -> float:
    return float(np.mean(image_metrics(evaluation.targets, evaluation.inputs)[metric]))
