"""Folders of the training and test images in a user-provided folder."""

import logging
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
    """The folder of each split in a folder; empty if it is not split, or does not exist.

    What else is beside them is left out, with a warning.

    Raises:
        DataError: if one of train and test has no folder, or one split has two.
    """
    entries = [] if not root.is_dir() else sorted(entry for entry in root.iterdir() if not entry.name.startswith("."))
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
    if len(folders.keys() & {"train", "test"}) == 1:
        raise _half_a_split(root, folders)
    if "train" not in folders:
        return {}
    _tell_left_out([entry for entry in entries if entry not in folders.values()])
    return folders


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
    only = folders.get("train") or folders["test"]
    other = "test" if "train" in folders else "train"
    rename = f"rename {folders['validation'].name} to {other}" if "validation" in folders else "add the other"
    return DataError(
        f"'{printable(root)}' must contain both a train and a test folder, or neither. Received only {only.name}; "
        f"{rename}, or set dataset.path to '{printable(only)}'."
    )


def _tell_left_out(entries: list[Path]) -> None:
    """Warn of what is neither among the training images nor the test images."""
    ignored = [entry.name for entry in entries if entry.is_dir() or entry.suffix.lower() in SUFFIXES]
    if ignored:
        listed = ", ".join(printable(name) for name in ignored[:5]) + (", …" if len(ignored) > 5 else "")
        log.warning("only the folders of train, validation and test images are read; left out beside them: %s", listed)
