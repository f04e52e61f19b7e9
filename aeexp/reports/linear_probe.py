"""Linear probe: a linear classifier of the codes, fitted to one part of the test images and tested on the other."""

import weakref
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.random_projection import GaussianRandomProjection

from aeexp.evaluation.result import EvaluationResult

PROJECTED_SIZE = 128
"""Size to which larger codes are projected before classification; a code may have tens of thousands of values."""


@dataclass(frozen=True)
class LinearProbe:
    """A fitted linear probe.

    Args:
        codes: [N, D], projected where they are large.
        labels: int [N].
        train: rows that it was fitted to.
        test: the other rows.
        predicted: labels of the test rows as it predicts them.
    """

    codes: np.ndarray
    labels: np.ndarray
    train: np.ndarray
    test: np.ndarray
    predicted: np.ndarray

    @property
    def accuracy(self) -> float:
        """The fraction of the test rows whose label it predicts."""
        return float(np.average(self.predicted == self.labels[self.test]))


_latest: list[tuple[weakref.ref[np.ndarray], np.ndarray, tuple[int, int], LinearProbe]] = []
"""The probe that was fitted last, as several reports take it: its codes (kept alive by others), labels and settings."""


def fit_probe(evaluation: EvaluationResult, images: int, seed: int) -> LinearProbe | None:
    """The probe of the first images, of which it is fitted to three quarters; None for one class or no numbers.

    Args:
        images: number of test images.
        seed: of the split into both parts.
    """
    for codes, labels, settings, probe in _latest:
        if codes() is evaluation.codes and labels is evaluation.labels and settings == (images, seed):
            return probe
    fitted = _fit(evaluation, images, seed)
    _latest.clear()
    if fitted is not None and evaluation.labels is not None:
        _latest.append((weakref.ref(evaluation.codes), evaluation.labels, (images, seed), fitted))
    return fitted


def _fit(evaluation: EvaluationResult, images: int, seed: int) -> LinearProbe | None:
    codes = evaluation.codes[:images].reshape(min(images, len(evaluation.codes)), -1)
    if evaluation.labels is None or not np.isfinite(codes).all():
        return None
    labels = evaluation.labels[: len(codes)]
    count = len(codes) * 3 // 4
    order = np.random.default_rng(seed).permutation(len(codes))
    train, test = order[:count], order[count:]
    if len(np.unique(labels[train])) < 2:
        return None
    if codes.shape[1] > PROJECTED_SIZE:
        codes = GaussianRandomProjection(PROJECTED_SIZE, random_state=seed).fit_transform(codes)
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200, tol=0.01))
    predicted = classifier.fit(codes[train], labels[train]).predict(codes[test])
    return LinearProbe(codes, labels, train, test, predicted)
