"""User-provided NumPy arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.datasets.readers.npz import LazyNpz, read_npy
from aeexp.datasets.readers.picture import to_uint8
from aeexp.datasets.splits import check_split, random_split
from aeexp.errors import ConfigError, DataError

NAMES: dict[Split, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "train": (("images", "x", "x_train"), ("labels", "y", "y_train")),
    "validation": (("x_val",), ("y_val",)),
    "test": (("images", "x", "x_test"), ("labels", "y", "y_test")),
}
"""The names that the images and the labels of a split may have in a file."""

HINT = "Save it by np.savez(path, images=…, labels=…), or np.save(path, images)."


class Part(NamedTuple):
    """The images of a split, uint8 [N, H, W, C], and their labels as stored in the file, [N]."""

    images: np.ndarray
    labels: np.ndarray | None


@dataclass(frozen=True, kw_only=True)
class Arrays(Dataset):
    """Images in NumPy files: uint8 in [0, 255] or float in [0, 1], [N, H, W] or [N, H, W, C].

    In an .npz file, images are named `images`, `x` or `x_train` (`x_val`, `x_test`), and labels, integers or strings,
    are named `labels`, `y` or `y_train` (`y_val`, `y_test`). An .npy file contains images only. Pickled objects are
    rejected.

    Args:
        path: of the file.
        test_path: of a second file with the test images; None takes `x_test` of the first file, or else splits it.
        test_fraction: fraction of the images used for testing in a random split.
        seed: of the random split.
    """

    path: str
    test_path: str | None
    test_fraction: float
    seed: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check_split(self.test_fraction, self.seed)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The sorted distinct labels, as strings."""
        return tuple(map(str, self._classes))

    @property
    def has_validation(self) -> bool:
        return "validation" in self._parts

    def check(self) -> None:
        for path in filter(None, (self.path, self.test_path)):
            _read(path, mapped=True)

    def read(self, split: Split) -> LabelledImages:
        images, labels = self._parts[split]
        return LabelledImages(
            images, None if labels is None else np.searchsorted(self._classes, labels).astype(np.int64)
        )

    @cached_property
    def _classes(self) -> np.ndarray:
        labels = [part.labels for part in self._parts.values() if part.labels is not None]
        return np.unique(np.concatenate(labels)) if labels else np.array([])

    @cached_property
    def _parts(self) -> dict[Split, Part]:
        arrays = _read(self.path)
        if self.test_path is None and "x_test" not in arrays:
            parts = self._split(_part(arrays, "train", self.path))
        else:
            test = self.test_path or self.path
            parts = {"train": _part(arrays, "train", self.path), "test": _part(_read(test), "test", test)}
        if "x_val" in arrays:
            parts["validation"] = _part(arrays, "validation", self.path)
        for split, part in parts.items():
            _check_consistent(parts["train"], part, split, self.path)
        return parts

    def _split(self, whole: Part) -> dict[Split, Part]:
        splits = random_split(len(whole.images), self.test_fraction, self.seed, f"'{self.path}'")
        return {
            split: Part(whole.images[indices], None if whole.labels is None else whole.labels[indices])
            for split, indices in splits.items()
        }


def _read(name: str, *, mapped: bool = False) -> Mapping[str, np.ndarray]:
    path = Path(name).expanduser()
    match path.suffix.lower():
        case ".npz":
            return LazyNpz(path, hint=HINT)
        case ".npy":
            return {"images": read_npy(path, hint=HINT, mapped=mapped)}
    raise ConfigError(f"`path` must end in .npz or .npy. Received '{name}'. {HINT}")


def _part(arrays: Mapping[str, np.ndarray], split: Split, path: str) -> Part:
    image_names, label_names = NAMES[split]
    images = _find(arrays, image_names)
    if images is None:
        received = ", ".join(arrays) or "none"
        raise DataError(
            f"'{path}' must contain an array named images, x or {image_names[-1]}. Received {received}. {HINT}"
        )
    labels = _find(arrays, label_names)
    return Part(as_images(images, path), None if labels is None else _check_labels(labels, len(images), path))


def _find(arrays: Mapping[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray | None:
    return next((arrays[name] for name in names if name in arrays), None)


def as_images(images: np.ndarray, path: str) -> np.ndarray:
    """Images as uint8 [N, H, W, C].

    Args:
        path: what the images are named after in messages.

    Raises:
        DataError: for another shape, type or range.
    """
    shaped = images[..., np.newaxis] if images.ndim == 3 else images
    if shaped.ndim != 4 or shaped.shape[3] not in (1, 3) or not shaped.size:
        raise DataError(
            f"The images in '{path}' must have shape [N, H, W] or [N, H, W, C] with at least one image and 1 or 3 "
            f"channels. Received {list(images.shape)}; reshape or transpose them."
        )
    if images.dtype.kind not in "buif":
        raise DataError(
            f"The images in '{path}' must be numbers, uint8 in [0, 255] or float in [0, 1]. "
            f"Received {_described(images.dtype)}; save the numbers alone."
        )
    low, high = shaped.min(), shaped.max()
    if images.dtype == np.uint8 and high != 1:
        return np.ascontiguousarray(shaped)
    if images.dtype.kind == "f" and low >= 0 and high <= 1:
        return to_uint8(shaped.astype(np.float32))
    raise DataError(
        f"The images in '{path}' must be uint8 in [0, 255] (0 black, 255 white) or float in [0, 1]. "
        f"Received {images.dtype} from {low} to {high}; rescale them and replace NaN."
    )


def _described(dtype: np.dtype) -> str:
    """The name of a data type, or what it is where the name is long."""
    kinds = {"V": "structured records" if dtype.names else "raw bytes", "U": "text", "S": "bytes of text"}
    return kinds.get(dtype.kind, str(dtype))


def _check_labels(labels: np.ndarray, count: int, path: str) -> np.ndarray:
    flat = labels[:, 0] if labels.shape == (count, 1) else labels
    if flat.shape != (count,) or flat.dtype.kind not in "iuU":
        raise DataError(
            f"The labels in '{path}' must be {count} integers or strings, one per image. "
            f"Received {_described(labels.dtype)} {list(labels.shape)}; for one-hot rows, save labels.argmax(axis=1)."
        )
    return flat


def _check_consistent(train: Part, other: Part, split: Split, path: str) -> None:
    if train.images.shape[1:] != other.images.shape[1:]:
        raise DataError(
            f"The training and {split} images of '{path}' must have the same shape. "
            f"Received {list(train.images.shape[1:])} and {list(other.images.shape[1:])}; crop or scale them."
        )
    kinds = [_kind(part.labels) for part in (train, other)]
    if kinds[0] != kinds[1]:
        raise DataError(
            f"The training and {split} labels of '{path}' must have the same type. Received {kinds[0]} and {kinds[1]}; "
            "convert one of them."
        )


def _kind(labels: np.ndarray | None) -> str:
    if labels is None:
        return "none"
    return "strings" if labels.dtype.kind == "U" else "integers"
