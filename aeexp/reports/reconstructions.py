"""Reconstructions of the probe images."""

from collections.abc import Iterator
from dataclasses import dataclass

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import image_grid, mosaic, probe_titles
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact, ImageArtifact


@dataclass(frozen=True)
class Reconstructions(Report):
    """Rows of inputs, reconstructions, baseline results and targets of the probe images.

    Args:
        every: epochs between progress images during training, in addition to one after the first epoch; None disables
            them.
    """

    every: int | None

    def __post_init__(self) -> None:
        if self.every is not None and self.every < 1:
            raise ConfigError(f"`every` must be at least 1 epoch, or null. Received every={self.every}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probes = evaluation.at_probes()
        if not len(probes.indices):
            return
        rows = {
            "input": probes.inputs,
            "reconstruction": probes.outputs["reconstruction"],
            **{name.replace("_", " "): restored for name, restored in evaluation.baselines.items() if name != "input"},
            "target": probes.targets,
        }
        psnr = evaluation.metrics.get("psnr")
        mean = "" if psnr is None else f" (all test images: {psnr.mean():.1f} dB)"
        yield FigureArtifact("reconstructions", image_grid(rows, probe_titles(probes), f"Reconstructions{mean}"))

    def progress(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probes = evaluation.at_probes()
        if len(probes.indices):
            yield ImageArtifact(
                "reconstructions", mosaic([probes.inputs, probes.outputs["reconstruction"], probes.targets])
            )
