"""Augmented training images."""

from collections.abc import Iterator
from dataclasses import dataclass

from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import image_grid
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact

CAPTION = "Training images, and what the augmentation made of them in the first epochs, before any corruption: the \
targets that the network learned from."


@dataclass(frozen=True)
class Augmentations(Report):
    """The first training images as they are and as the first epochs saw them; nothing without augmentation."""

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        rows = evaluation.augmented
        if rows:
            numbers = list(map(str, range(len(rows["image"]))))
            source = evaluation.source.without_images
            figure = image_grid(rows, numbers, "Augmented training images", source, "training image")
            yield FigureArtifact("augmentations", figure, CAPTION)
