"""Loss curves."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.report import Report
from aeexp.reports.style import SMALL_SIZE, Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

COLUMNS = 4
"""Maximum number of panels in a row."""

CAPTION = (
    "The loss that is minimized and its terms in each epoch, on linear axes. train: the mean over the training images \
while the network learns from them. val: the mean over the validation images at the end of the epoch, with the final \
weights of the terms. A network that memorizes gets better on the first and worse on the second."
)

RATE, WIDE = "learning_rate", 50
"""The metric of an epoch in which a schedule records its rate, and the ratio from which it is drawn on a log axis."""

RATE_CAPTION = " learning rate: as the schedule changes it."

BEST_CAPTION = " The dashed line is the epoch with the best value of what trainer.monitor names."


@dataclass(frozen=True)
class LossCurves(Report):
    """Loss curves: the minimized loss and each of its terms over the epochs, and a learning rate that changes."""

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        history, best = evaluation.history, evaluation.best_epoch
        if not history:
            return
        names = [key.removeprefix("train/") for key in history[0] if key.startswith("train/")]
        names = sorted((name for name in names if not name.startswith("loss_")), key=lambda name: name != "loss")
        rates = [epoch.get(RATE, np.nan) for epoch in history]
        count = len(names) + int(np.isfinite(rates).any() and np.nanmin(rates) < np.nanmax(rates))
        columns = min(COLUMNS, count)
        rows = math.ceil(count / columns)
        figure = Figure(
            3.5 * columns, 2.9 * rows + 0.7, "Loss and its terms over the epochs", evaluation.source.without_images
        )
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes, name in zip(panels, names, strict=False):
            for split, marker in (("train", "o"), ("val", "s")):
                values = [epoch.get(f"{split}/{name}", np.nan) for epoch in history]
                label = f"{split} (last {values[-1]:.4g})"
                axes.plot(range(1, len(values) + 1), values, marker=marker, markersize=3.5, label=label)
            axes.set(ylabel=_unit(name), title=name)
        if count > len(names):
            _draw_rates(panels[len(names)], rates)
        for axes in panels[:count]:
            _finish(axes, len(history), best)
        for axes in panels[count:]:
            axes.remove()
        rate = RATE_CAPTION if count > len(names) else ""
        yield FigureArtifact("loss_curves", figure, CAPTION + rate + (BEST_CAPTION if best is not None else ""))


def _draw_rates(axes: Axes, rates: Sequence[float]) -> None:
    label = f"last {rates[-1]:.3g}"
    axes.plot(range(1, len(rates) + 1), rates, marker="o", markersize=3.5, color="0.35", label=label)
    if np.nanmin(rates) > 0 and np.nanmax(rates) / np.nanmin(rates) >= WIDE:
        axes.set_yscale("log")
    axes.set(ylabel="in the last step of the epoch", title="learning rate")


def _finish(axes: Axes, epochs: int, best: int | None) -> None:
    """Mark the best epoch, and draw what all panels have in common."""
    if best is not None:
        axes.axvline(best + 1, color="0.4", linestyle="--", label=f"best epoch ({best + 1})")
    axes.set(xlabel="epoch", xlim=(0.5, epochs + 0.5))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(alpha=0.3)
    axes.legend(fontsize=SMALL_SIZE)


def _unit(name: str) -> str:
    if name == "loss":
        return "minimized sum"
    if name == "commitment":
        return "sum over the code"
    return "sum over latents (nats)" if name.startswith("kl") else "mean over pixels"
