"""Samples decoded from the prior."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import frame, mosaic
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.runtime.random import EVALUATION_EPOCH, image_seeds
from aeexp.tracking.artifacts import Artifact, FigureArtifact

CAPTION = "Images that the decoder makes of codes drawn from the prior: new images, of no test image. They look like \
the data where the codes of the data follow the prior."


@dataclass(frozen=True)
class PriorSamples(Report):
    """Samples decoded from the prior of the codes; nothing for models without a prior.

    Args:
        side: number of images along each side of the square grid.
        seed: of the samples.
    """

    of_codes: ClassVar[bool] = True

    side: int
    seed: int

    def __post_init__(self) -> None:
        if self.side < 1:
            raise ConfigError(f"`side` must be at least 1. Received side={self.side}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        if evaluation.prior is None:
            return
        shape = evaluation.codes.shape[1:]
        seeds = image_seeds(self.seed, EVALUATION_EPOCH, tf.range(self.side**2))
        images = evaluation.decode(evaluation.prior.sample(seeds, shape).numpy())
        figure = Figure(5, 5.7, "Samples decoded from the prior", evaluation.source.without_images)
        axes = figure.subplots()
        axes.imshow(mosaic(images.reshape(self.side, self.side, *images.shape[1:]), scale=1), interpolation="nearest")
        frame(axes)
        yield FigureArtifact("prior_samples", figure, CAPTION)
