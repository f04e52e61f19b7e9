"""Nearest neighbors of the probe images among the test images, in the space of the codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import class_titles, image_grid, row_labels
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact

CAPTION = "Each probe image and the test images whose codes are nearest to its own, with their classes. Where \
neighbors look alike or are of one class, distances between codes mean something."


@dataclass(frozen=True)
class NearestNeighbors(Report):
    """Probe images beside the test images with the nearest codes (Euclidean distance).

    Args:
        neighbors: maximum number of neighbors shown.
        images: number of test images searched (the first ones).
        probes: maximum number of probe images.
    """

    of_codes: ClassVar[bool] = True

    neighbors: int
    images: int
    probes: int

    def __post_init__(self) -> None:
        for name in ("neighbors", "images", "probes"):
            if getattr(self, name) < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={getattr(self, name)}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        codes = evaluation.codes.reshape(len(evaluation.codes), -1)
        queries = np.flatnonzero(np.isin(evaluation.indices[: len(codes)], evaluation.probes))[: self.probes]
        queries = queries[np.isfinite(codes[queries]).all(axis=1)]
        searched = codes[: self.images]
        count = min(self.neighbors, int(np.isfinite(searched).all(axis=1).sum()) - 1)
        if not len(queries) or count < 1:
            return
        nearest = np.argsort(_distances(codes[queries], searched, queries), axis=1, kind="stable")[:, :count]
        shown = np.column_stack([queries, nearest])
        names = row_labels(evaluation, queries)
        rows = {name: evaluation.targets[row] for name, row in zip(names, shown, strict=True)}
        labels = evaluation.labels
        notes = None
        if labels is not None and evaluation.class_names:
            classes = [class_titles(evaluation, labels[row]) for row in shown]
            notes = dict(zip(rows, classes, strict=True))
        titles = ["probe", *(f"neighbor {place}" for place in range(1, count + 1))]
        source = evaluation.source.probes(len(rows))
        title = f"Nearest neighbors by code, among {len(searched):,} test images"
        yield FigureArtifact("nearest_neighbors", image_grid(rows, titles, title, source, "test image", notes), CAPTION)


def _distances(codes: np.ndarray, searched: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """Squared distances [Q, N] but for what does not matter to their order; infinite to an image itself."""
    center = np.nan_to_num(searched, posinf=0, neginf=0).mean(axis=0)  # cancellation would lose small distances
    codes, searched = codes - center, searched - center
    distances = (searched**2).sum(axis=1) - 2 * codes @ searched.T
    distances[~np.isfinite(distances)] = np.inf
    among = np.flatnonzero(queries < len(searched))
    distances[among, queries[among]] = np.inf
    return distances
