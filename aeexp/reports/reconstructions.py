"""Reconstructions of the probe images."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import difference_row, image_grid, mosaic, probe_heading, probe_titles, psnr_notes
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact, ImageArtifact

CAPTION = (
    "What the network is given, what it makes of it, what simple methods make of it, and the image that it should \
have made (target), with the PSNR of each. In the differences red is too bright and blue too dark."
)


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
        outputs = probes.outputs["reconstruction"]
        restored = {name.replace("_", " "): each for name, each in evaluation.baselines.items() if name != "input"}
        corrupted = {} if np.array_equal(probes.inputs, probes.targets) else {"input": probes.inputs}
        measured = {**corrupted, "reconstruction": outputs, **restored}
        notes = {name: psnr_notes(probes.targets, images) for name, images in measured.items()}
        rows = {
            "input": probes.inputs,
            "reconstruction": outputs,
            **difference_row(outputs, probes.targets),
            **restored,
            "target": probes.targets,
        }
        psnr = evaluation.metrics.get("psnr")
        mean = "" if psnr is None else f" (mean PSNR of all test images {psnr.mean():.1f} dB)"
        title = f"Reconstructions{mean}"
        given = {name: values for name, values in notes.items() if any(values)}
        source = evaluation.source.probes(len(probes.indices))
        figure = image_grid(rows, probe_titles(probes), title, source, probe_heading(probes), given)
        yield FigureArtifact("reconstructions", figure, CAPTION)

    def progress(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probes = evaluation.at_probes()
        if len(probes.indices):
            yield ImageArtifact(
                "reconstructions", mosaic([probes.inputs, probes.outputs["reconstruction"], probes.targets])
            )
