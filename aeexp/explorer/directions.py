"""Directions of the latent space that the sliders move along."""

from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA

from aeexp.evaluation.result import EvaluationResult

SLIDERS = 10
"""Directions at most."""

RANGE = (1, 99)
"""Percentiles of the data between which a slider is marked."""


@dataclass(frozen=True)
class Directions:
    """Directions of the latent space, those that tell most of an image first.

    Args:
        vectors: orthonormal, float32 [K, D].
        center: the code from which coordinates count, [D].
        names: of each, [K].
        notes: how much it tells, [K].
        low: where the data begins along each, [K].
        high: where it ends, [K].
    """

    vectors: np.ndarray
    center: np.ndarray
    names: tuple[str, ...]
    notes: tuple[str, ...]
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, evaluation: EvaluationResult, codes: np.ndarray) -> "Directions":
        """The dimensions of most KL divergence, or of most variance; of codes that are grids the principal components.

        Args:
            codes: of the images of the evaluation, [N, D].
        """
        if evaluation.codes.ndim > 2:
            return _components(codes)
        divergence = _divergence(evaluation)
        values = codes.var(axis=0) if divergence is None else divergence
        order = np.argsort(-values, kind="stable")[:SLIDERS]
        notes = [f"variance {values[d]:.3g}" if divergence is None else f"KL {values[d]:.2f} nats" for d in order]
        vectors = np.eye(codes.shape[1], dtype=np.float32)[order]
        center = np.zeros(codes.shape[1], np.float32)
        return cls(vectors, center, tuple(f"z[{d}]" for d in order), tuple(notes), *_range(codes @ vectors.T))

    def coordinates(self, codes: np.ndarray) -> np.ndarray:
        """Where codes [..., D] lie along each, [..., K]."""
        return (codes - self.center) @ self.vectors.T

    def moved(self, code: np.ndarray, number: int, value: float) -> np.ndarray:
        """A code [D] moved along one of them to a value."""
        vector = self.vectors[number]
        return code + (value - vector @ (code - self.center)) * vector


def _components(codes: np.ndarray) -> Directions:
    count = min(SLIDERS, len(codes) - 1, codes.shape[1])  # as many as the differences between the codes can have
    fitted = PCA(count, svd_solver="randomized", random_state=0).fit(codes)
    names = tuple(f"component {number + 1}" for number in range(count))
    notes = tuple(f"{share:.1%} of the variance" for share in fitted.explained_variance_ratio_)
    vectors = fitted.components_.astype(np.float32)
    return Directions(vectors, fitted.mean_, names, notes, *_range((codes - fitted.mean_) @ vectors.T))


def _divergence(evaluation: EvaluationResult) -> np.ndarray | None:
    """The KL divergence of each dimension, the mean over the images in nats, [D]; None without a prior."""
    if evaluation.prior is None:
        return None
    parts = evaluation.prior.kl_per_dimension(evaluation.outputs)
    return None if parts is None else np.mean(parts, axis=0)


def _range(coordinates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.percentile(coordinates, RANGE, axis=0).astype(np.float32)
    return low, high
