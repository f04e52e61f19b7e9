"""Folders of the training and test images in a user-provided folder."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from aeexp.datasets.dataset import Split
from aeexp.datasets.readers.image import SUFFIXES
from aeexp.datasets.readers.image_files import identity
from aeexp.errors import DataError
from aeexp.runtime.files import printable

log = logging.getLogger(__name__)

SPLITS: dict[str, Split] = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}
"""The split that a folder of this name holds, whatever the case of its letters."""


ORDER: tuple[Split, ...] = ("test", "validation", "train")
"""Which of several splits a shared picture belongs to, the first one first."""

WORDS: dict[Split, str] = {"train": "training", "validation": "validation", "test": "test"}


class ImageFile(NamedTuple):
    """An image file and the name of its class folder, or an empty string."""

    path: Path
    class_name: str


def find_split_folders(root: Path) -> dict[Split, Path]:
    """The folder of each split in a folder; empty if it is not split.

    Raises:
        DataError: if there is no such folder, if there are training or test images alone, or one split has two folders.
    """
    entries = _entries(root)
    folders: dict[Split, Path] = {}
    for entry in entries:
        split = SPLITS.get(entry.name.casefold())
        if split is None or not entry.is_dir():
            continue
        if split in folders:
            raise DataError(
                f"'{printable(root)}' must contain one folder of {split} images. Received {folders[split].name} and "
                f"{entry.name}; rename or merge them."
            )
        folders[split] = entry
    if folders.keys() in ({"train"}, {"test"}, {"test", "validation"}):
        raise _half_a_split(root, folders)
    return folders if "train" in folders else {}


def check_holds_images(folder: Path) -> None:
    """Refuse a folder without images, as far as that needs no look into the folders that links lead to.

    Raises:
        DataError: for such a folder.
    """
    names = (Path(below, name) for below, *names in os.walk(folder) for name in (*names[0], *names[1]))
    if not any(name.suffix.lower() in SUFFIXES or name.is_symlink() for name in names):
        raise no_images(folder)


def no_images(folder: Path) -> DataError:
    """The error for a folder without images."""
    return DataError(f"'{printable(folder)}' contains no images; add files that end in {', '.join(SUFFIXES)}.")


def without_shared_files(splits: Mapping[Split, list[ImageFile]], root: Path) -> dict[Split, list[ImageFile]]:
    """The files of each split; pictures that links put into several are test pictures, or else validation pictures.

    Raises:
        DataError: if nothing is left of a split.
    """
    taken: set[object] = set()
    own: dict[Split, list[ImageFile]] = {}
    for split in (each for each in ORDER if each in splits):
        own[split] = [file for file in splits[split] if identity(file.path) not in taken]
        taken |= {identity(file.path) for file in splits[split]}
        shared = len(splits[split]) - len(own[split])
        if not own[split]:
            raise DataError(
                f"The {shared} {WORDS[split]} images of '{printable(root)}' are other images under other names; "
                "put images of their own into each of the folders."
            )
        if shared:
            log.warning("%d %s images are those of another split under other names, left out", shared, WORDS[split])
    return own


def _half_a_split(root: Path, folders: Mapping[Split, Path]) -> DataError:
    only = ", ".join(folder.name for folder in folders.values())
    missing, fix = "test", f"move some of its images into '{printable(root)}/test'"
    if "train" not in folders:
        missing, fix = "train", f"put the training images into '{printable(root)}/train'"
    single = printable(folders.get("train") or folders["test"])
    return DataError(
        f"'{printable(root)}' must contain both a train and a test folder, or neither. Received only {only}; without "
        f"{missing}: {fix}, or set dataset.path to '{single}', of which dataset.test_fraction are tested on."
    )


def tell_left_out(root: Path, folders: Mapping[Split, Path]) -> None:
    """Warn of what is neither among the training images nor the test images."""
    entries = [entry for entry in _entries(root) if entry not in folders.values()]
    ignored = [entry.name for entry in entries if entry.is_dir() or entry.suffix.lower() in SUFFIXES]
    if ignored:
        listed = ", ".join(printable(name) for name in ignored[:5]) + (", …" if len(ignored) > 5 else "")
        log.warning("only the folders of train, validation and test images are read; left out beside them: %s", listed)


def _entries(root: Path) -> list[Path]:
    """What a folder contains and does not hide."""
    try:
        return sorted(entry for entry in root.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise DataError(
            f"There is no folder '{printable(root)}' that can be read ({error.strerror}); set dataset.path to a folder "
            "of images."
        ) from error
