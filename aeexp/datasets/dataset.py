"""Dataset: the abstract base class of all data sets."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aeexp.errors import ConfigError, DataError

Split = Literal["train", "test"]


@dataclass(frozen=True)
class LabelledImages:
    """The images of one split.

    Args:
        images: uint8 [N, H, W, C], from 0 (black) to 255 (white).
        labels: int64 [N], indices into the data set's `class_names`, or None if there are no classes.
        names: str [N], by which pictures name the images, such as those of their files; None numbers them.
    """

    images: np.ndarray
    labels: np.ndarray | None
    names: np.ndarray | None = None

    def __post_init__(self) -> None:
        shape = self.images.shape
        if self.images.dtype != np.uint8 or len(shape) != 4 or 0 in shape or shape[3] not in (1, 3):
            raise DataError(
                "A data set must provide at least one image, as uint8 [N, H, W, C] with 1 or 3 channels. "
                f"Received {self.images.dtype} {list(shape)}; fix its files or its `read` method."
            )
        if self.labels is not None and (self.labels.dtype != np.int64 or self.labels.shape != shape[:1]):
            raise DataError(
                f"A data set must provide one int64 label for each of its {shape[0]} images, or None. "
                f"Received {self.labels.dtype} {list(self.labels.shape)}; fix its files or its `read` method."
            )

    def first(self, limit: int | None) -> "LabelledImages":
        """The first `limit` images with their labels and names; None returns all."""
        kept = (None if values is None else values[:limit] for values in (self.labels, self.names))
        return LabelledImages(self.images[:limit], *kept)


@dataclass(frozen=True, kw_only=True)
class Dataset(ABC):
    """Source of images, in a training and a test split.

    Args:
        limit: maximum number of images per split (the first ones); None uses all.
    """

    limit: int | None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ConfigError(f"`limit` must be at least 1, or null for all images. Received limit={self.limit}.")

    @property
    @abstractmethod
    def class_names(self) -> tuple[str, ...]:
        """The class name of each label, in the order of the labels; empty if there are no classes."""

    def check(self) -> None:  # noqa: B027
        """Refuse files that are missing or of the wrong kind, as far as that takes no time; `read` finds out the rest.

        Raises:
            DataError: as `read`.
        """

    def fetch(self) -> None:  # noqa: B027
        """Download what is not on disk yet, for data sets that are published; `read` does so as well.

        Raises:
            DataError: if it cannot be downloaded.
        """

    @abstractmethod
    def read(self, split: Split) -> LabelledImages:
        """Read a complete split.

        Raises:
            DataError: if the data is missing or damaged; the message says what was tried and how to fix it.
        """

    def load(self, split: Split) -> LabelledImages:
        """A split, truncated to `limit` images."""
        return self.read(split).first(self.limit)


def check_image_shape(shape: list[int]) -> None:
    """Check an image shape given in a config.

    Raises:
        ConfigError: if it is not `[height, width, channels]` with 1 or 3 channels.
    """
    if len(shape) != 3 or min(shape) < 1 or shape[2] not in (1, 3):
        raise ConfigError(
            "`image_shape` must be [height, width, channels], with 1 channel for grayscale or 3 for RGB. "
            f"Received image_shape={shape}; use, for example, [28, 28, 1]."
        )
