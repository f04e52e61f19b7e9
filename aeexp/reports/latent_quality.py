"""What the codes are worth, in numbers."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.random_projection import GaussianRandomProjection

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import DPI
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import Artifact, FigureArtifact, Scalar

ACTIVE = 0.01
"""Least variance of the mean over images by which a latent counts as active.

Burda, Grosse and Salakhutdinov, "Importance Weighted Autoencoders", 2016, section 5.2.
"""

COMPONENTS = 128
"""Numbers that a larger code is projected to before it is classified; it may hold tens of thousands."""

SHOWN = 64
"""Latents in the picture of the divergence."""

NAMED = 10
"""Latents whose names fit below it."""


@dataclass(frozen=True)
class LatentQuality(Report):
    """How well the classes can be told from the codes, and which latents of a normal distribution are in use.

    Args:
        images: test images looked at, the first ones; a quarter of them tests what the others teach.
        n_neighbors: that vote in the nearest-neighbour classifier.
        seed: of the split.
    """

    higher_is_better: ClassVar[tuple[str, ...]] = ("linear_accuracy", "neighbour_accuracy", "active_units")

    images: int
    n_neighbors: int
    seed: int

    def __post_init__(self) -> None:
        for name in ("images", "n_neighbors"):
            if getattr(self, name) < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={getattr(self, name)}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        codes = evaluation.codes[: self.images].reshape(min(self.images, len(evaluation.codes)), -1)
        if evaluation.labels is not None:
            yield from self._accuracies(codes, evaluation.labels[: len(codes)])
        if evaluation.prior is not None:
            yield from _activity(evaluation)

    def _accuracies(self, codes: np.ndarray, labels: np.ndarray) -> Iterator[Artifact]:
        """The shares of right answers of two classifiers; none where there is too little to learn from."""
        taught = len(codes) * 3 // 4
        order = np.random.default_rng(self.seed).permutation(len(codes))
        learnt, tested = order[:taught], order[taught:]
        if taught < self.n_neighbors or len(np.unique(labels[learnt])) < 2:
            return
        if codes.shape[1] > COMPONENTS:
            codes = GaussianRandomProjection(COMPONENTS, random_state=self.seed).fit_transform(codes)
        classifiers = {
            "linear": make_pipeline(StandardScaler(), LogisticRegression(max_iter=200, tol=0.01)),
            "neighbour": KNeighborsClassifier(self.n_neighbors),
        }
        for name, classifier in classifiers.items():
            share = classifier.fit(codes[learnt], labels[learnt]).score(codes[tested], labels[tested])
            yield Scalar(f"latent/{name}_accuracy", float(share))


def _activity(evaluation: EvaluationResult) -> Iterator[Artifact]:
    codes, kl = evaluation.codes, evaluation.outputs["kl"]
    active = int((codes.reshape(len(codes), -1).var(axis=0) > ACTIVE).sum())
    yield Scalar("latent/active_units", active)
    if active == 0:
        logging.getLogger(__name__).warning(
            "The posterior has collapsed: no latent depends on the image. Lower loss.kl.weight or warm it up."
        )
    if kl.shape == codes.shape:  # or else it is no sum over the dimensions
        yield FigureArtifact("latent_kl", _bars(kl.reshape(len(kl), -1).mean(axis=0), active))


def _bars(divergence: np.ndarray, active: int) -> Figure:
    order = np.argsort(-divergence, kind="stable")[:SHOWN]
    figure = Figure(figsize=(5, 3.6), dpi=DPI, layout="constrained")
    axes = figure.subplots()
    axes.bar(range(len(order)), divergence[order])
    axes.set(title=f"What each latent tells: {active} of {len(divergence)} are active", ylabel="KL (nats)")
    axes.set_xlabel("latents, the most telling first")
    axes.set_xticks(range(len(order)), [f"z[{place}]" for place in order] if len(order) <= NAMED else [""] * len(order))
    return figure
