"""Samples beside the training images that are nearest to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.evaluation.samples import SampleSource
from aeexp.reports.plotting import image_grid
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact

CAPTION = "New images, and the training images that are nearest to each, with the root mean square difference of their \
pixels. A model that copies is far nearer to a training image than test images are, whose median is given as \
well."

REFERENCE = 100
"""Test images whose distance is given for comparison."""


@dataclass(frozen=True)
class NearestTraining(Report):
    """Samples of the first sampler beside the nearest training images, by the mean square difference of pixels.

    Args:
        samples: number of samples shown.
        neighbors: number of training images beside each.
        images: number of training images searched (the first ones).
        seed: of the samples.
    """

    of_codes: ClassVar[bool] = True

    samples: int
    neighbors: int
    images: int
    seed: int

    def __post_init__(self) -> None:
        for name in ("samples", "neighbors", "images"):
            if getattr(self, name) < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={getattr(self, name)}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        source = evaluation.samples
        if source is None or source.training is None or not source.names:
            return
        name = source.names[0]
        drawn = evaluation.decode(source.codes(name, self.samples, self.seed))
        known = evaluation.targets[:REFERENCE]
        neighbors, distances = self._nearest(source, np.concatenate([drawn, known]))
        rows = {f"sample {row + 1}": np.concatenate([drawn[[row]], neighbors[row]]) for row in range(self.samples)}
        notes = {title: ["", *(f"{value:.3f}" for value in distances[row])] for row, title in enumerate(rows)}
        titles = ["sample", *(f"nearest {place}" for place in range(1, neighbors.shape[1] + 1))]
        title = f"Samples ({name.replace('_', ' ')}) and the training images nearest to them"
        heading = f"difference,\n{np.median(distances[self.samples :, 0]):.3f} of test images"
        described = evaluation.source.without_images
        yield FigureArtifact("nearest_training", image_grid(rows, titles, title, described, heading, notes), CAPTION)

    def _nearest(self, source: SampleSource, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest training images of each image, [Q, K, H, W, C], and the differences, [Q, K]."""
        queries = images.reshape(len(images), -1)
        found = np.zeros((len(images), 0, *images.shape[1:]), np.float32)
        squares = np.zeros((len(images), 0), np.float32)
        for block in source.clean_blocks(self.images):
            flat = block.reshape(len(block), -1)
            each = (queries**2).mean(1)[:, np.newaxis] + (flat**2).mean(1) - 2 * (queries @ flat.T) / flat.shape[1]
            best = np.argsort(each, axis=1, kind="stable")[:, : self.neighbors]
            squares = np.concatenate([squares, np.take_along_axis(each, best, 1)], axis=1)
            found = np.concatenate([found, block[best]], axis=1)
            order = np.argsort(squares, axis=1, kind="stable")[:, : self.neighbors]
            squares = np.take_along_axis(squares, order, 1)
            found = np.take_along_axis(found, order.reshape(*order.shape, *[1] * (images.ndim - 1)), 1)
        return found, np.sqrt(squares.clip(0))
