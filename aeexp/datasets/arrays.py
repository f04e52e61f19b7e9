"""The user's own arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.datasets.readers.npz import read_npy, read_npz
from aeexp.datasets.splits import check_split, random_split
from aeexp.errors import ConfigError, DataError

MEND = "Save it by np.savez(path, images=…, labels=…), or np.save(path, images)."


class Part(NamedTuple):
    """The images uint8 [N, H, W, C] of a split, and their labels as the user wrote them, [N]."""

    images: np.ndarray
    labels: np.ndarray | None


@dataclass(frozen=True, kw_only=True)
class Arrays(Dataset):
    """Images in NumPy files: bytes from 0 to 255 or fractions from 0 to 1, [N, H, W] or [N, H, W, C].

    In an .npz file the images are called `images`, `x` or `x_train` (`x_test`), the labels, whole numbers or words,
    `labels`, `y` or `y_train` (`y_test`); an .npy file holds images alone. Pickled objects are refused.

    Args:
        path: of the file.
        test_path: of another file for testing; None takes `x_test` of the first, or else splits it at random.
        test_fraction: share of the images that are for testing in a random split.
        seed: of a random split.
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
        """The different labels in their order, as text."""
        return tuple(map(str, self._classes))

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
        _check_alike(parts["train"], parts["test"], self.path)
        return parts

    def _split(self, whole: Part) -> dict[Split, Part]:
        places = random_split(len(whole.images), self.test_fraction, self.seed, f"'{self.path}'")
        return {
            split: Part(whole.images[some], None if whole.labels is None else whole.labels[some])
            for split, some in places.items()
        }


def _read(name: str) -> dict[str, np.ndarray]:
    path = Path(name).expanduser()
    match path.suffix.lower():
        case ".npz":
            return read_npz(path, None, mend=MEND)
        case ".npy":
            return {"images": read_npy(path, mend=MEND)}
    raise ConfigError(f"`path` must end in .npz or .npy. Received '{name}'. {MEND}")


def _part(arrays: Mapping[str, np.ndarray], split: Split, path: str) -> Part:
    images = _find(arrays, ("images", "x", f"x_{split}"))
    if images is None:
        received = ", ".join(arrays) or "none"
        raise DataError(f"'{path}' must hold an array images, x or x_{split}. Received {received}. {MEND}")
    labels = _find(arrays, ("labels", "y", f"y_{split}"))
    return Part(_as_bytes(images, path), None if labels is None else _check_labels(labels, len(images), path))


def _find(arrays: Mapping[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray | None:
    return next((arrays[name] for name in names if name in arrays), None)


def _as_bytes(images: np.ndarray, path: str) -> np.ndarray:
    """uint8 [N, H, W, C]."""
    shaped = images[..., np.newaxis] if images.ndim == 3 else images
    if shaped.ndim != 4 or shaped.shape[3] not in (1, 3) or not shaped.size:
        raise DataError(
            f"The images of '{path}' must be [N, H, W] or [N, H, W, C] with 1 or 3 channels, and one image at least. "
            f"Received {list(images.shape)}; reshape or transpose them."
        )
    low, high = shaped.min(), shaped.max()
    if images.dtype == np.uint8 and high != 1:
        return np.ascontiguousarray(shaped)
    if images.dtype.kind == "f" and low >= 0 and high <= 1:
        return np.rint(255 * shaped.astype(np.float32)).astype(np.uint8)
    raise DataError(
        f"The images of '{path}' must be uint8 from 0 black to 255 white, or float from 0 to 1. "
        f"Received {images.dtype} from {low} to {high}; scale them and replace what is no number."
    )


def _check_labels(labels: np.ndarray, count: int, path: str) -> np.ndarray:
    flat = labels[:, 0] if labels.shape == (count, 1) else labels
    if flat.shape != (count,) or flat.dtype.kind not in "iuU":
        raise DataError(
            f"The labels of '{path}' must be {count} whole numbers or words, one an image. "
            f"Received {labels.dtype} {list(labels.shape)}; for one-hot rows, save labels.argmax(axis=1)."
        )
    return flat


def _check_alike(train: Part, test: Part, path: str) -> None:
    if train.images.shape[1:] != test.images.shape[1:]:
        raise DataError(
            f"The training and the test images of '{path}' must have one shape. "
            f"Received {list(train.images.shape[1:])} and {list(test.images.shape[1:])}; crop or scale them."
        )
    kinds = [_kind(part.labels) for part in (train, test)]
    if kinds[0] != kinds[1]:
        raise DataError(
            f"The training and the test labels of '{path}' must be of one kind. Received {kinds[0]} and {kinds[1]}; "
            "save both alike."
        )


def _kind(labels: np.ndarray | None) -> str:
    if labels is None:
        return "none"
    return "words" if labels.dtype.kind == "U" else "numbers"
