"""The contract of a baseline."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from aeexp.types import Shape

Examples = Callable[[int], tuple[np.ndarray, np.ndarray]]
"""Gives the first so many training images: the corrupted ones [N, h, w, c] and the clean ones [N, H, W, C]."""

Restorer = Callable[[np.ndarray], np.ndarray]
"""From corrupted images float32 [N, h, w, c] in [0, 1] to restored ones float32 [N, H, W, C] in [0, 1]."""


@dataclass(frozen=True)
class RestorationTask:
    """What the model of a run has to do.

    Args:
        input_shape: of a corrupted image, (h, w, c).
        output_shape: of a clean image, (H, W, C).
        corrupted: whether there is any corruption; without it the input is the target.
        code_size: numbers in the model's code.
    """

    input_shape: Shape
    output_shape: Shape
    corrupted: bool
    code_size: int

    @property
    def keeps_size(self) -> bool:
        return self.input_shape == self.output_shape


class Baseline(ABC):
    """What restores images without a network; a model must do better to be worth its training.

    A baseline is a frozen dataclass: with the same fields and examples it restores the same images alike.
    """

    version: ClassVar[int] = 1
    """Rises whenever the same images would be restored differently, so that no older score is taken for a new one."""

    @abstractmethod
    def adapt(self, task: RestorationTask) -> Self | None:
        """The baseline as it suits a task, or None where it makes no sense."""

    @abstractmethod
    def fit(self, task: RestorationTask, examples: Examples) -> Restorer:
        """Learn from training images what there is to learn."""
