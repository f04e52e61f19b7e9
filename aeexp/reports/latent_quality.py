"""Latent metrics: linear probe, k-nearest neighbors, and active units."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.active_units import ActiveUnits
from aeexp.models.priors.prior import Prior
from aeexp.reports.linear_probe import fit_probe
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact, Scalar

MAX_BARS = 64
"""Maximum number of latent dimensions in the bar chart of the KL divergence."""

MAX_LABELS = 10
"""Maximum number of bars with labels."""


CAPTION = (
    "How much each number of the code tells of the image. A number at 0 is not used: it follows the prior whatever \
the image."
)


@dataclass(frozen=True)
class LatentQuality(Report):
    """Accuracy of classifiers on the codes, and for a VAE the number of active units and the KL per latent dimension.

    Args:
        images: number of test images (the first ones); a quarter of them is held out to test the classifiers.
        n_neighbors: of the k-nearest-neighbors classifier.
        seed: of the split into training and held-out images.
    """

    of_codes: ClassVar[bool] = True

    higher_is_better: ClassVar[tuple[str, ...]] = ("linear_accuracy", "neighbour_accuracy", "active_units")

    images: int
    n_neighbors: int
    seed: int

    def __post_init__(self) -> None:
        for name in ("images", "n_neighbors"):
            if getattr(self, name) < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={getattr(self, name)}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probe = fit_probe(evaluation, self.images, self.seed)
        if probe is not None and len(probe.train) >= self.n_neighbors:
            yield Scalar("latent/linear_accuracy", probe.accuracy)
            neighbors = KNeighborsClassifier(self.n_neighbors).fit(probe.codes[probe.train], probe.labels[probe.train])
            accuracy = neighbors.score(probe.codes[probe.test], probe.labels[probe.test])
            yield Scalar("latent/neighbour_accuracy", float(accuracy))  # spelled so in the recorded name
        if evaluation.prior is not None:
            yield from _active_units(evaluation, evaluation.prior)


def _active_units(evaluation: EvaluationResult, prior: Prior) -> Iterator[Artifact]:
    codes = evaluation.codes
    active = ActiveUnits()(codes)
    yield Scalar("latent/active_units", active)
    if active == 0:
        logging.getLogger(__name__).warning(
            "Posterior collapse: no latent dimension depends on the image. Lower loss.kl.weight or raise "
            "loss.kl.warmup_epochs."
        )
    kl = prior.kl_per_dimension(evaluation.outputs)
    if kl is not None:
        parts = np.reshape(kl, (len(codes), -1)).mean(axis=0)
        counted = active if parts.size == codes[0].size else None
        yield FigureArtifact("latent_kl", _bars(parts, counted, evaluation.source.first(len(codes))), CAPTION)


def _bars(divergence: np.ndarray, active: int | None, source: str) -> Figure:
    order = np.argsort(-divergence, kind="stable")[:MAX_BARS]
    what, of_them = ("part", "") if active is None else ("number", f": {active} of {len(divergence)} active")
    title = f"KL divergence of each {what} of the code{of_them}"
    figure = Figure(6, 4.0, title, source)
    axes = figure.subplots()
    axes.bar(range(len(order)), divergence[order])
    labels = [f"z[{dimension}]" for dimension in order] if len(order) <= MAX_LABELS else [""] * len(order)
    axes.set(xlabel=f"{what}s of the code, in descending order", ylabel="KL from the prior (nats)")
    axes.set_xticks(range(len(order)), labels)
    return figure
