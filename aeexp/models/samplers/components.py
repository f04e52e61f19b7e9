"""Draws from a mixture of normal distributions with full covariance matrices, keyed by the seed of each code."""

import math

import numpy as np
import tensorflow as tf

from aeexp.models.samplers.sampler import Draw
from aeexp.runtime.random import fold_in, normal, uniform
from aeexp.types import Shape


def drawn_from(weights: np.ndarray, means: np.ndarray, covariances: np.ndarray, shape: Shape) -> Draw:
    """The draws of codes of a shape with D numbers.

    Args:
        weights: [K], which add up to 1.
        means: [K, D].
        covariances: [K, D, D], which may be singular, as where a number of the code is always the same.
    """
    factors = [_root(each) for each in covariances]
    ends = np.cumsum(weights)[:-1]

    def draw(seeds: tf.Tensor) -> np.ndarray:
        chosen = np.searchsorted(ends, uniform(fold_in(seeds, 0), (1,)).numpy()[:, 0], side="right")
        noise = normal(fold_in(seeds, 1), (math.prod(shape),)).numpy().astype(float)
        codes = means[chosen]
        for component in np.unique(chosen):
            rows = chosen == component
            codes[rows] += noise[rows] @ factors[component].T
        return codes.astype(np.float32).reshape(-1, *shape)

    return draw


def _root(covariance: np.ndarray) -> np.ndarray:
    """A matrix A with A·Aᵀ = Σ, [D, D]."""
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(values.clip(0))
