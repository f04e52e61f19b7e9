"""Error maps: where in the image the reconstructions differ from their targets."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import frame
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

CAPTION = "Means over test images at each place of the picture: of the targets, of the absolute error, and of the \
signed error, which is red where reconstructions are too bright and blue where they are too dark."


@dataclass(frozen=True)
class ErrorMaps(Report):
    """Mean target, mean absolute error and mean signed error (bias) at each pixel; channels are averaged.

    Args:
        images: number of test images (the first ones).
    """

    images: int

    def __post_init__(self) -> None:
        if self.images < 1:
            raise ConfigError(f"`images` must be at least 1. Received images={self.images}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        targets = evaluation.targets[: self.images]
        errors = evaluation.outputs["reconstruction"][: self.images] - targets
        absolute, signed = np.abs(errors).mean(axis=(0, -1)), errors.mean(axis=(0, -1))
        if not (len(targets) and np.isfinite(absolute).all()):
            return
        limit = max(float(np.abs(signed).max()), 1e-6)
        panels = {
            "mean target": (targets.mean(axis=(0, -1)), "gray", 0.0, 1.0),
            f"mean absolute error ({absolute.mean():.3g} overall)": (absolute, "magma", 0.0, None),
            f"mean signed error ({signed.mean():+.2g} overall)": (signed, "RdBu_r", -limit, limit),
        }
        title = f"Errors by place in the picture (means of {len(targets):,} test images)"
        height = 3.2 * np.clip(targets.shape[1] / targets.shape[2], 0.4, 2)
        figure = Figure(12, height + 1.0, title, evaluation.source.first(len(targets)))
        for axes, (name, (values, colors, low, high)) in zip(figure.subplots(1, 3), panels.items(), strict=True):
            image = axes.imshow(values, cmap=colors, vmin=low, vmax=high, interpolation="nearest")
            axes.set_title(name)
            frame(axes)
            figure.colorbar(image, ax=axes, shrink=0.85)
        yield FigureArtifact("error_maps", figure, CAPTION)
