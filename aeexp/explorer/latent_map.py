"""Latent map: the codes of images in the plane, and the code at a place of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA

from aeexp.errors import ConfigError

NEIGHBORS = 8
"""Codes that a place of a nonlinear map is interpolated from."""

METHODS = ("pca", "tsne", "umap")


@dataclass(frozen=True)
class LatentMap:
    """Latent map of the codes of some images.

    Args:
        codes: float32 [N, D].
        places: float32 [N, 2] in the plane.
        axes: the directions of the plane in the space of the codes, orthonormal [2, D]; None for a nonlinear map.
        label: what the axes of the plane are.
    """

    codes: np.ndarray
    places: np.ndarray
    axes: np.ndarray | None
    label: str

    @classmethod
    def of(cls, codes: np.ndarray, method: str) -> "LatentMap":
        """The map of codes [N, D]: the latent plane itself where D is 2, else by `pca`, `tsne` or `umap`.

        Raises:
            ConfigError: for another method, too few codes, or a package that is not installed.
        """
        if method not in METHODS:
            raise ConfigError(f"map: must be one of {', '.join(METHODS)}. Received map={method}.")
        if len(codes) < 5:
            raise ConfigError(f"a map needs at least 5 test images. Received {len(codes)}.")
        if method == "pca":
            return _linear(codes)
        return cls(codes, _nonlinear(codes, method).astype(np.float32), None, method)

    def code_at(self, index: int, place: np.ndarray) -> np.ndarray:
        """The code, [D], that an image has when it is moved to a place of the plane.

        On a linear map it moves along the two axes and keeps all that these do not show. On another one it becomes a
        mean of the codes around the place, weighed by the inverse of their squared distance.
        """
        if self.axes is not None:
            return self.codes[index] + (place - self.places[index]) @ self.axes
        squares = np.sum((self.places - place) ** 2, axis=1)
        near = np.argpartition(squares, min(NEIGHBORS, len(squares) - 1))[:NEIGHBORS]
        weights = 1 / np.maximum(squares[near], 1e-12)
        return weights @ self.codes[near] / weights.sum()


def _linear(codes: np.ndarray) -> LatentMap:
    size = codes.shape[1]
    if size <= 2:
        axes = np.eye(2, size, dtype=np.float32)
        return LatentMap(codes, codes @ axes.T, axes, "dimensions of the code")
    components = PCA(2, svd_solver="randomized", random_state=0).fit(codes)
    axes = components.components_.astype(np.float32)
    share = components.explained_variance_ratio_.sum()
    label = f"principal components, {share:.0%} of the variance"
    return LatentMap(codes, ((codes - components.mean_) @ axes.T).astype(np.float32), axes, label)


def _nonlinear(codes: np.ndarray, method: str) -> np.ndarray:
    from aeexp.reports.tsne import Tsne
    from aeexp.reports.umap import Umap

    to_plane: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "tsne": lambda each: Tsne(images=len(each), perplexity=30.0, seed=0).to_plane(each),
        "umap": lambda each: Umap(images=len(each), neighbors=15, min_dist=0.1, seed=0).to_plane(each),
    }
    return to_plane[method](codes)
