"""Principal component analysis (PCA)."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from sklearn.decomposition import PCA

from aeexp.baselines.baseline import Baseline, Examples, RestorationTask, Restorer
from aeexp.errors import ConfigError


@dataclass(frozen=True)
class Pca(Baseline):
    """Reconstruction from principal components: the optimal linear autoencoder with a code of the same size.

    Args:
        images: number of training images to fit on (the first ones).
        components: number of components; None takes the size of the model's code.
    """

    images: int
    components: int | None

    def __post_init__(self) -> None:
        for name in ("images", "components"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={value}.")

    def adapt(self, task: RestorationTask) -> Self | None:
        components = self.components or task.code_size
        lossless = components >= np.prod(task.output_shape)
        return None if task.corrupted or lossless else replace(self, components=components)

    def fit(self, task: RestorationTask, examples: Examples) -> Restorer:
        images = _flat(examples(self.images)[1])
        components = PCA(min(self.components or task.code_size, *images.shape), random_state=0).fit(images)

        def restore(inputs: np.ndarray) -> np.ndarray:
            restored = components.inverse_transform(components.transform(_flat(inputs)))
            return np.clip(restored, 0, 1).astype(np.float32).reshape(len(inputs), *task.output_shape)

        return restore


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1)
