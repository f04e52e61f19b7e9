"""Interpolation between test images in the latent space."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import image_grid, row_labels
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact

CAPTION = "Images decoded from codes on the straight line between the codes of two test images, which stand at both \
ends. In a smooth latent space each step is a plausible image; two images that merely fade into one another show that \
it is not. Codes that the bottleneck cannot give, as between entries of a codebook, give way to the nearest ones."


@dataclass(frozen=True)
class Interpolation(Report):
    """Images decoded from codes on the line between those of two test images, a row for each pair.

    The pairs are probe images, of different classes where there are such; nothing for a single image, nor for codes of
    categories.

    Args:
        pairs: maximum number of pairs.
        steps: number of images decoded for each pair, those of both ends included.
    """

    of_codes: ClassVar[bool] = True

    pairs: int
    steps: int

    def __post_init__(self) -> None:
        for name, minimum in (("pairs", 1), ("steps", 2)):
            if getattr(self, name) < minimum:
                raise ConfigError(f"`{name}` must be at least {minimum}. Received {name}={getattr(self, name)}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        pairs = self._chosen(evaluation)
        if not pairs or evaluation.model.bottleneck.support == "categories":  # between which there is nothing
            return
        fractions = np.linspace(0, 1, self.steps)
        rows = {}
        labels = iter(row_labels(evaluation, [row for pair in pairs for row in pair]))
        for first, last in pairs:
            start, end = evaluation.codes[first], evaluation.codes[last]
            codes = np.stack([(1 - fraction) * start + fraction * end for fraction in fractions])
            ends = evaluation.targets[[first]], evaluation.targets[[last]]
            rows[f"{next(labels)} to {next(labels)}"] = np.concatenate(
                [ends[0], evaluation.decode_nearest(codes), ends[1]]
            )
        titles = ["first\nimage", *(f"{fraction:.0%}" for fraction in fractions), "second\nimage"]
        title = "Interpolation between the codes of two test images"
        source = evaluation.source.some(f"{2 * len(rows)} images")
        figure = image_grid(rows, titles, title, source, "test images")
        yield FigureArtifact("interpolation", figure, CAPTION)

    def _chosen(self, evaluation: EvaluationResult) -> list[tuple[int, int]]:
        """Rows of the evaluation: the probe images, or else the first, each with the next one of another class."""
        probes = np.flatnonzero(np.isin(evaluation.indices, evaluation.probes))
        rows = probes if len(probes) > 1 else np.arange(len(evaluation.indices))
        codes = evaluation.codes
        left = [int(row) for row in rows[: 4 * self.pairs] if row < len(codes) and np.isfinite(codes[row]).all()]
        pairs: list[tuple[int, int]] = []
        while len(left) > 1 and len(pairs) < self.pairs:
            first = left.pop(0)
            labels = evaluation.labels
            second = next((row for row in left if labels is None or labels[row] != labels[first]), left[0])
            left.remove(second)
            pairs.append((first, second))
        return pairs
