"""Dataset: the abstract base class of all data sets, and their split into training, validation and test images."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from aeexp.config.suggestions import did_you_mean
from aeexp.datasets.binarization import NONE, binarized, check_binarization
from aeexp.datasets.validation import ValidationSplit
from aeexp.errors import ConfigError, DataError

Split = Literal["train", "validation", "test"]

MAX_LISTED = 20
"""Classes that a message names."""


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

    def __len__(self) -> int:
        return len(self.images)

    def take(self, indices: np.ndarray) -> "LabelledImages":
        """The images at some places, int64, with their labels and names."""
        if len(indices) == len(self) and np.array_equal(indices, np.arange(len(self))):
            return self
        chosen = (None if values is None else values[indices] for values in (self.labels, self.names))
        return LabelledImages(self.images[indices], *chosen)


@dataclass(frozen=True)
class ImagesOnDemand:
    """Images that are made or decoded when they are taken, as `limit` or `classes` may take few of them.

    Args:
        count: of all images.
        labels: int64 [count], or None.
        take: the images at some places, int64.
    """

    count: int
    labels: np.ndarray | None
    take: Callable[[np.ndarray], LabelledImages]

    def __len__(self) -> int:
        return self.count


@dataclass(frozen=True, kw_only=True)
class Dataset(ABC):
    """Source of images, in training, validation and test images that have no image in common.

    Args:
        limit: maximum number of images per split (the first ones); None uses all.
        split: which of the training images are held out for validation.
        classes: names or indices of the classes that are trained and validated on; None uses all.
        test_classes: of those that are tested on; None uses all.
        binarization: `none`, `threshold`, `static` or `dynamic`; the last is left to `CorruptedPairs`.
    """

    limit: int | None
    split: ValidationSplit = field(default_factory=ValidationSplit)
    classes: list[Any] | None = None
    test_classes: list[Any] | None = None
    binarization: str = NONE

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ConfigError(f"`limit` must be at least 1, or null for all images. Received limit={self.limit}.")
        for name in ("classes", "test_classes"):
            if getattr(self, name) == []:
                raise ConfigError(f"`{name}` must name one class at least, or be null for all. Received {name}=[].")
        check_binarization(self.binarization, getattr(self, "image_shape", None))

    @property
    @abstractmethod
    def class_names(self) -> tuple[str, ...]:
        """The class name of each label, in the order of the labels; empty if there are no classes."""

    @property
    def has_validation(self) -> bool:
        """Whether the data set brings validation images of its own, which `read` then gives."""
        return False

    @property
    def has_factors(self) -> bool:
        """Whether the generative factors of the images are known, which `factors` then gives."""
        return False

    def factors(self, split: Split) -> np.ndarray | None:
        """The generative factors of each image of `load(split)`, float32 [N, F]; None where they are not known."""
        return None

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
    def read(self, split: Split) -> LabelledImages | ImagesOnDemand:
        """Read the complete training or test images as they are published; the validation images if it brings them.

        Raises:
            DataError: if the data is missing or damaged; the message says what was tried and how to fix it.
        """

    def load(self, split: Split) -> LabelledImages:
        """The images of a split: those of the chosen classes, at most `limit`.

        Raises:
            ConfigError: if there are none.
            DataError: as of `read`.
        """
        return self.select(split, self.read(self.source(split)))

    def splits(self) -> dict[Split, LabelledImages]:
        """The images of all splits; without `validation` where the test images are the validation images as well."""
        splits: tuple[Split, ...] = ("train", "test") if self.split.is_test else ("train", "validation", "test")
        read = {source: self.read(source) for source in {self.source(split) for split in splits}}
        return {split: self.select(split, read[self.source(split)]) for split in splits}

    def source(self, split: Split) -> Split:
        """The published part that the images of a split are taken from."""
        if split == "validation" and self.split.is_test:
            return "test"
        if split == "validation" and not (self.has_validation and self.split.is_default):
            return "train"
        return split

    def selection(self, split: Split, count: int, labels: np.ndarray | None) -> np.ndarray:
        """The places of the images of a split in what it is taken from, int64, in order.

        Args:
            count: of the images that it is taken from.
            labels: of these, int64 [count], or None.

        Raises:
            ConfigError: if none remains.
        """
        source = self.source(split)
        chosen = self._in_classes("test_classes" if source == "test" else "classes", count, labels)
        if split != "test" and self.source("validation") == "train":
            below = None if labels is None else labels[chosen]
            parts = self.split.hold_out(len(chosen), below, self.class_names)
            chosen = chosen[parts[split == "validation"]]
        return chosen[: self.limit]

    def select(self, split: Split, images: LabelledImages | ImagesOnDemand) -> LabelledImages:
        """The images of a split among those that it is taken from, binarized unless that changes by epoch."""
        places = self.selection(split, len(images), images.labels)
        taken = images.take(places)
        places = places[: len(taken)]  # fewer where files cannot be read
        return replace(taken, images=binarized(taken.images, self.binarization, self.source(split), places))

    def _in_classes(self, name: str, count: int, labels: np.ndarray | None) -> np.ndarray:
        classes = getattr(self, name)
        if classes is None:
            return np.arange(count)
        if labels is None:
            raise ConfigError(f"dataset.{name}: the images have no classes. Received {name}={classes}.")
        chosen = np.flatnonzero(np.isin(labels, [self._label(name, each) for each in classes]))
        if not len(chosen):
            raise ConfigError(f"dataset.{name}: there is no image of these classes. Received {name}={classes}.")
        return chosen

    def _label(self, key: str, given: Any) -> int:
        """The label of a class by its name or its index."""
        if str(given) in self.class_names:
            return self.class_names.index(str(given))
        if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < len(self.class_names):
            return given
        shown = ", ".join(self.class_names[:MAX_LISTED]) + (", …" if len(self.class_names) > MAX_LISTED else "")
        raise ConfigError(
            f"dataset.{key}: the classes are {shown}. Received {given}.{did_you_mean(str(given), self.class_names)}"
        )


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
