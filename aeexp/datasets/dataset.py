"""The contract of a data set."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aeexp.errors import ConfigError
from aeexp.types import Shape

Split = Literal["train", "test"]


@dataclass(frozen=True)
class LabelledImages:
    """The images of one split.

    Args:
        images: uint8 [N, H, W, C], 0 black to 255 white.
        labels: int64 [N], indices into the data set's `class_names`, or None where there are no classes.
    """

    images: np.ndarray
    labels: np.ndarray | None

    def first(self, limit: int | None) -> "LabelledImages":
        return LabelledImages(self.images[:limit], None if self.labels is None else self.labels[:limit])


@dataclass(frozen=True, kw_only=True)
class Dataset(ABC):
    """Where the images come from.

    Args:
        limit: use only this many images of each split, the first ones; None uses all.
    """

    limit: int | None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ConfigError(f"`limit` must be at least 1, or null for all images. Received limit={self.limit}.")

    @property
    @abstractmethod
    def class_names(self) -> tuple[str, ...]:
        """The name of each label, in the order of the labels; empty where there are no classes."""

    @abstractmethod
    def read(self, split: Split) -> LabelledImages:
        """Read one whole split.

        Raises:
            ConfigError: where the data is missing or damaged; says what was tried, and the mend.
        """

    def load(self, split: Split) -> LabelledImages:
        """One split, cut to `limit`."""
        return self.read(split).first(self.limit)
