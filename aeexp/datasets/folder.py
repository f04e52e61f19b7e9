"""User-provided folder of image files."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from aeexp.datasets.dataset import Dataset, ImagesOnDemand, LabelledImages, Split, check_image_shape
from aeexp.datasets.readers.download import cache_folder
from aeexp.datasets.readers.image_cache import read_images
from aeexp.datasets.readers.image_files import images_below
from aeexp.datasets.split_folders import (
    ImageFile,
    check_holds_images,
    find_split_folders,
    no_images,
    tell_left_out,
    without_shared_files,
)
from aeexp.datasets.splits import check_split, random_split
from aeexp.errors import ConfigError, DataError
from aeexp.runtime.files import printable

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Folder(Dataset):
    """Folder of image files of any size and common format, scaled and cropped to one shape by `read_image`.

    The folder contains a `train` and a `test` folder, and perhaps a `val` or `validation` folder, or else is split at
    random; so is `train` where there are validation images but no test images. Each has one subfolder per class, or all
    files in it are unlabeled. Hidden files are ignored. Each picture is read once, however many links lead to it. The
    files are shuffled once, so that `limit` keeps a mix of classes. Decoded images are cached in ~/.cache/aeexp/folder.

    Args:
        path: of the folder.
        image_shape: height, width and channels (1 grayscale, 3 RGB) of the images.
        test_fraction: fraction of the images used for testing; unused if there is a `test` folder.
        seed: of the shuffling, and so of the random split.
        max_pixels: larger images are skipped before they are decoded; Pillow's own limit is 178,956,970.
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
        names = {file.class_name for files in self._files.values() for file in files}
        return tuple(sorted(names - {""}))

    @property
    def has_validation(self) -> bool:
        return "validation" in self._files

    def check(self) -> None:
        for folder in find_split_folders(self._root).values() or [self._root]:
            check_holds_images(folder)

    def read(self, split: Split) -> ImagesOnDemand:
        files = self._files[split]
        return ImagesOnDemand(len(files), self._labels(files), lambda places: self._decode([files[i] for i in places]))

    def select(self, split: Split, images: LabelledImages | ImagesOnDemand) -> LabelledImages:
        selected = super().select(split, images)
        if split == "train" and self.image_shape[2] == 3 and _are_gray(selected.images):
            height, width, _ = self.image_shape
            LOG.warning(
                "All images in '%s' are gray; 'dataset.image_shape=[%d,%d,1]' trains a network for gray images.",
                *(printable(self._root), height, width),
            )
        return selected

    def _decode(self, files: list[ImageFile]) -> LabelledImages:
        decoded = read_images([file.path for file in files], self.image_shape, self.max_pixels, self._cache(files))
        if not len(decoded.images):
            raise DataError(
                f"None of the {len(files)} images in '{printable(self._root)}' can be read; fix or replace them."
            )
        readable = [files[index] for index in decoded.readable]
        names = np.array([printable(file.path.name) for file in readable])
        return LabelledImages(decoded.images, self._labels(readable), names)

    def _labels(self, files: list[ImageFile]) -> np.ndarray | None:
        indices = {name: index for index, name in enumerate(self.class_names)}
        return np.array([indices[file.class_name] for file in files], np.int64) if indices else None

    @cached_property
    def _root(self) -> Path:
        return Path(self.path).expanduser().resolve()

    @cached_property
    def _files(self) -> dict[Split, list[ImageFile]]:
        """The shuffled files of each split."""
        if folders := find_split_folders(self._root):
            tell_left_out(self._root, folders)
            found = {split: _find_files(folder) for split, folder in folders.items()}
            splits = {split: self._shuffled(files) for split, files in without_shared_files(found, self._root).items()}
            if "test" not in splits:
                splits |= self._split(splits["train"], folders["train"])
                LOG.warning(
                    "'%s' has no test folder: %d of the images in %s test, and the others train "
                    "(dataset.test_fraction=%g); those in %s validate.",
                    *(printable(self._root), len(splits["test"]), folders["train"].name, self.test_fraction),
                    folders["validation"].name,
                )
        else:
            splits = self._split(_find_files(self._root), self._root)
        _check_classes([file for files in splits.values() for file in files], self._root)
        return splits

    def _split(self, files: list[ImageFile], folder: Path) -> dict[Split, list[ImageFile]]:
        indices = random_split(len(files), self.test_fraction, self.seed, f"'{printable(folder)}'")
        return {split: [files[index] for index in indices[split]] for split in indices}

    def _shuffled(self, files: list[ImageFile]) -> list[ImageFile]:
        return [files[index] for index in np.random.default_rng(self.seed).permutation(len(files))]

    def _cache(self, files: list[ImageFile]) -> Path:
        settings = [str(self._root), self.image_shape, self.max_pixels, [str(file.path) for file in files]]
        name = hashlib.sha256(repr(settings).encode(errors="surrogateescape")).hexdigest()
        return cache_folder("folder") / f"{self._root.name}-{name[:16]}.npz"


def _are_gray(images: np.ndarray) -> bool:
    """Whether red, green and blue are the same in every pixel."""
    return all(np.array_equal(images[..., 0], images[..., channel]) for channel in (1, 2))


def _find_files(folder: Path) -> list[ImageFile]:
    """All image files in and below a folder, sorted by path."""
    paths = images_below(folder)
    if not paths:
        raise no_images(folder)
    parts = [path.parts[len(folder.parts) :] for path in paths]
    classes = [printable(names[0]) if len(names) > 1 else "" for names in parts]
    return [ImageFile(path, name) for path, name in zip(paths, classes, strict=True)]


def _check_classes(files: Iterable[ImageFile], root: Path) -> None:
    examples = {file.class_name == "": file.path.relative_to(root) for file in files}
    if len(examples) > 1:
        raise DataError(
            f"Either all images in '{printable(root)}' must be in class folders, or none. "
            f"Received '{printable(examples[True])}' and '{printable(examples[False])}'; move one of them."
        )
