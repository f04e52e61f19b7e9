"""Baseline: the abstract base class of all classical baselines."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from aeexp.types import Shape

Examples = Callable[[int], tuple[np.ndarray, np.ndarray]]
"""Returns the first N training images for a given N: corrupted [N, h, w, c] and clean [N, H, W, C]."""

Restorer = Callable[[np.ndarray], np.ndarray]
"""Maps corrupted images, float32 [N, h, w, c] in [0, 1], to restored images, float32 [N, H, W, C] in [0, 1]."""


@dataclass(frozen=True)
class RestorationTask:
    """The task of a model: which images it restores, and through how large a code.

    Args:
        input_shape: of a corrupted image, (h, w, c).
        output_shape: of a clean image, (H, W, C).
        corrupted: whether there is any corruption; if not, the input is the target.
        code_size: number of values in the model's latent code.
    """

    input_shape: Shape
    output_shape: Shape
    corrupted: bool
    code_size: int

    @property
    def keeps_size(self) -> bool:
        """Whether inputs and outputs have the same shape."""
        return self.input_shape == self.output_shape


class Baseline(ABC):
    """Classical restoration method without a network, to which trained models are compared.

    A baseline is a frozen dataclass and deterministic: the same fields and examples give the same restored images.
    """

    version: ClassVar[int] = 1
    """Rises whenever the same images would be restored differently, so that no older score is taken for a new one."""

    @abstractmethod
    def adapt(self, task: RestorationTask) -> Self | None:
        """The baseline as it suits a task, or None where it makes no sense."""

    @abstractmethod
    def fit(self, task: RestorationTask, examples: Examples) -> Restorer:
        """Fit the baseline to training images."""
