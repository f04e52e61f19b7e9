"""The user's own pictures."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from aeexp.datasets.dataset import Dataset, LabelledImages, Split, check_image_shape
from aeexp.datasets.readers.download import cache_folder
from aeexp.datasets.readers.image import SUFFIXES
from aeexp.datasets.readers.image_cache import read_images
from aeexp.datasets.splits import check_split, random_split
from aeexp.errors import ConfigError, DataError


class Picture(NamedTuple):
    """A file, and the class folder that it is in or below, or an empty name."""

    path: Path
    class_name: str


@dataclass(frozen=True, kw_only=True)
class Folder(Dataset):
    """Pictures of any size and common format, as `read_picture` fits them to one shape.

    The folder holds a `train` and a `test` folder, or else is split at random. In either, pictures lie in one folder a
    class, or there are no classes. Hidden files are left out. The pictures are shuffled once, so that a `limit` takes
    some of all classes; what was decoded is remembered in the user's cache (~/.cache/aeexp/folder).

    Args:
        path: of the folder.
        image_shape: height, width and channels (1 grey, 3 colour) of the images.
        test_fraction: share of the pictures that are for testing, where the folder does not say which.
        seed: of the order and so of the split.
        max_pixels: a larger picture is left out before it is decoded; Pillow itself draws the line at 178,956,970.
    """

    path: str
    image_shape: list[int]
    test_fraction: float
    seed: int
    max_pixels: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check_image_shape(self.image_shape)
        check_split(self.test_fraction, self.seed)
        if self.max_pixels < 1:
            raise ConfigError(f"`max_pixels` must be at least 1. Received max_pixels={self.max_pixels}.")

    @property
    def class_names(self) -> tuple[str, ...]:
        """The sorted names of the class folders."""
        names = {picture.class_name for pictures in self._splits.values() for picture in pictures}
        return tuple(sorted(names - {""}))

    def read(self, split: Split) -> LabelledImages:
        pictures = self._splits[split][: self.limit]
        gallery = read_images([each.path for each in pictures], self.image_shape, self.max_pixels, self._memory(split))
        if not len(gallery.images):
            raise DataError(
                f"None of the {len(pictures)} pictures in '{self._root}' can be read; mend or replace them."
            )
        if not self.class_names:
            return LabelledImages(gallery.images, None)
        places = {name: place for place, name in enumerate(self.class_names)}
        labels = np.array([places[each.class_name] for each in pictures], np.int64)
        return LabelledImages(gallery.images, labels[gallery.readable])

    @cached_property
    def _root(self) -> Path:
        return Path(self.path).expanduser().resolve()

    @cached_property
    def _splits(self) -> dict[Split, list[Picture]]:
        """The pictures of each split in their order."""
        parts: tuple[Split, Split] = ("train", "test")
        given = [part for part in parts if (self._root / part).is_dir()]
        if len(given) == 1:
            raise DataError(
                f"'{self._root}' must hold both a train and a test folder, or neither. Received {given[0]} alone; add "
                f"the other, or set dataset.path to '{self._root / given[0]}'."
            )
        if given:
            splits = {part: self._shuffled(_pictures(self._root / part)) for part in parts}
        else:
            pictures = _pictures(self._root)
            places = random_split(len(pictures), self.test_fraction, self.seed, f"'{self._root}'")
            splits = {part: [pictures[place] for place in places[part]] for part in parts}
        _check_classes([*splits["train"], *splits["test"]], self._root)
        return splits

    def _shuffled(self, pictures: list[Picture]) -> list[Picture]:
        return [pictures[place] for place in np.random.default_rng(self.seed).permutation(len(pictures))]

    def _memory(self, split: Split) -> Path:
        settings = hashlib.sha256(f"{self._root} {self} {split}".encode()).hexdigest()
        return cache_folder("folder") / f"{self._root.name}-{split}-{settings[:16]}.npz"


def _pictures(folder: Path) -> list[Picture]:
    """All pictures in and below a folder, sorted by path."""
    if not folder.is_dir():
        raise DataError(f"There is no folder '{folder}'; set dataset.path to the folder of the pictures.")
    # Each class folder by itself, as rglob would pass over one that is a link.
    entries = (entry for top in folder.iterdir() for entry in (top.rglob("*") if top.is_dir() else (top,)))
    files = sorted(entry for entry in entries if entry.suffix.lower() in SUFFIXES and entry.is_file())
    parts = {file: file.parts[len(folder.parts) :] for file in files}
    visible = {file: names for file, names in parts.items() if not any(name.startswith(".") for name in names)}
    if not visible:
        raise DataError(f"'{folder}' holds no pictures; put some of these there: {', '.join(SUFFIXES)}.")
    return [Picture(file, names[0] if len(names) > 1 else "") for file, names in visible.items()]


def _check_classes(pictures: Iterable[Picture], root: Path) -> None:
    examples = {picture.class_name == "": picture.path.relative_to(root) for picture in pictures}
    if len(examples) > 1:
        raise DataError(
            f"The pictures of '{root}' must lie in class folders, all of them or none. "
            f"Received '{examples[True]}' beside '{examples[False]}'; move one kind."
        )
