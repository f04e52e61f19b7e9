"""A stand-in for the package umap-learn, which takes half a minute to be compiled: its map is the first two columns."""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import numpy as np
import pytest


class UMAP:
    """What the package gives, as far as the report uses it."""

    def __init__(self, n_neighbors: int, min_dist: float, random_state: int, n_jobs: int) -> None:
        self.n_neighbors = n_neighbors

    def fit_transform(self, codes: np.ndarray) -> np.ndarray:
        assert 1 < self.n_neighbors < len(codes)
        return np.column_stack([codes, codes])[:, :2]


def install_stand_in(patch: pytest.MonkeyPatch) -> None:
    module = ModuleType("umap")
    module.__spec__ = ModuleSpec("umap", None)
    module.UMAP = UMAP  # type: ignore[attr-defined]
    patch.setitem(sys.modules, "umap", module)
