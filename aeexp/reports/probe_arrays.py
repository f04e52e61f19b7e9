"""Probe images and latent codes as arrays, for figures that compare several runs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aeexp.datasets.readers.picture import to_uint8
from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.latent_scatter import latent_plane
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import ArraysArtifact, Artifact


@dataclass(frozen=True)
class ProbeArrays(Report):
    """Inputs, reconstructions and targets of the probe images, and the coordinates of the latent scatter plot.

    Args:
        points: number of codes stored (the first ones).
    """

    points: int

    def __post_init__(self) -> None:
        if self.points < 2:
            raise ConfigError(f"`points` must be at least 2. Received points={self.points}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probes = evaluation.at_probes()
        codes = evaluation.codes[: self.points]
        plane, _ = latent_plane(codes.reshape(len(codes), -1), "latent")
        images = {
            "inputs": probes.inputs,
            "reconstructions": probes.outputs["reconstruction"],
            "targets": probes.targets,
        }
        arrays = {name: to_uint8(values) for name, values in images.items()}
        arrays |= {"plane": plane.astype(np.float32), "class_names": np.array(evaluation.class_names, str)}
        if evaluation.labels is not None:
            arrays["labels"] = evaluation.labels[: len(codes)]
        yield ArraysArtifact("probe_arrays", arrays)
