"""Loss curves."""

from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.ticker import MaxNLocator

from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact


@dataclass(frozen=True)
class LossCurves(Report):
    """Loss curves: the minimized loss and each of its terms over the epochs, for training and validation."""

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        history = evaluation.history
        if not history:
            return
        names = [key.removeprefix("train/") for key in history[0] if key.startswith("train/")]
        names = [name for name in names if not name.startswith("loss_")]
        figure = Figure(3.5 * len(names), 3.2)
        for axes, name in zip(figure.subplots(1, len(names), squeeze=False)[0], names, strict=True):
            for split in ("train", "val"):
                values = [epoch[f"{split}/{name}"] for epoch in history]
                axes.plot(range(1, len(values) + 1), values, marker=".", label=f"{split} (last {values[-1]:.4g})")
            axes.set(xlabel="epoch", ylabel=_unit(name), xlim=(0.5, len(history) + 0.5))
            axes.set_title(name, fontsize=14)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
            axes.legend()
        yield FigureArtifact("loss_curves", figure)


def _unit(name: str) -> str:
    if name == "loss":
        return "minimized sum"
    return "sum over latents (nats)" if name.startswith("kl") else "mean over pixels"
