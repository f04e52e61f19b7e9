"""How far a model carries beyond what it was trained on."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure as MatplotlibFigure

from aeexp.errors import ConfigError
from aeexp.metrics import image_metrics
from aeexp.reports.report import Report
from aeexp.types import Evaluation, Figure, Item

DRAWN = {"psnr": "PSNR (dB)", "ssim": "SSIM"}


@dataclass(frozen=True)
class Robustness(Report):
    """PSNR and SSIM over weaker and stronger corruption; nothing where no corruption has a strength.

    Args:
        factors: multiples of the strength in training; those that a corruption refuses are left out.
        images: test images at each, the first ones.
    """

    factors: list[float]
    images: int

    def __post_init__(self) -> None:
        if len(self.factors) < 2 or not min(self.factors) >= 0:
            raise ConfigError(f"`factors` must hold two numbers or more, at least 0. Received factors={self.factors}.")
        if self.images < 1:
            raise ConfigError(f"`images` must be at least 1. Received images={self.images}.")

    def __call__(self, evaluation: Evaluation) -> Iterator[Item]:
        for name, strength in evaluation.strengths.items():
            at = self._evaluations(evaluation, name, strength)
            yield Figure(f"robustness_{name.replace('.', '_')}", _curves(at, name, strength))

    def _evaluations(self, evaluation: Evaluation, name: str, strength: float) -> dict[float, Evaluation]:
        """The evaluation at each strength that can be, weakest first where more is stronger."""
        judged: dict[float, Evaluation] = {}
        for factor in sorted({*self.factors, 1.0}):
            value = type(strength)(round(factor * strength, 6))
            with suppress(ConfigError):
                judged[value] = evaluation.at_strength(name, value, self.images)  # type: ignore[misc]
        return judged


def _curves(at: dict[float, Evaluation], name: str, strength: float) -> MatplotlibFigure:
    figure = MatplotlibFigure(figsize=(9, 3.8), dpi=110, layout="constrained")
    figure.suptitle(f"Robustness to corruption.{name}")
    for axes, (metric, label) in zip(figure.subplots(1, 2), DRAWN.items(), strict=True):
        axes.plot(list(at), [each.metrics[metric].mean() for each in at.values()], marker=".", label="reconstruction")
        if all(each.inputs.shape == each.targets.shape for each in at.values()):
            axes.plot(list(at), [_of_inputs(each, metric) for each in at.values()], marker=".", label="input itself")
        axes.axvline(strength, color="gray", linestyle="--", label=f"in training ({strength:g})")
        axes.set(xlabel=name, ylabel=label)
        axes.legend()
    return figure


def _of_inputs(evaluation: Evaluation, metric: str) -> float:
    return float(np.mean(image_metrics(evaluation.targets, evaluation.inputs)[metric]))
