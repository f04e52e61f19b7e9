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

SPLITS: dict[str, Split] = {"train": "train", "training": "train", "test": "test", "testing": "test"}
"""The split that a folder of this name holds, whatever the case of its letters."""

VALIDATION = ("val", "valid", "validation")


class ImageFile(NamedTuple):
    """An image file and the name of its class folder, or an empty string."""

    path: Path
    class_name: str


def find_split_folders(root: Path) -> dict[Split, Path]:
    """The folder of each split in a folder; empty if it is not split, or does not exist.

    What else is beside them is left out, with a warning.

    Raises:
        DataError: if only one split has a folder, or one has two.
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
    if len(folders) == 1:
        raise _half_a_split(root, next(iter(folders.values())), entries)
    if folders:
        _tell_left_out([entry for entry in entries if entry not in folders.values()])
    return folders


def without_test_files(splits: Mapping[Split, list[ImageFile]], root: Path) -> dict[Split, list[ImageFile]]:
    """The files of each split; pictures that links put among both are test pictures alone.

    Raises:
        DataError: if no training pictures are left.
    """
    test = {identity(file.path) for file in splits["test"]}
    train = [file for file in splits["train"] if identity(file.path) not in test]
    shared = len(splits["train"]) - len(train)
    if not train:
        raise DataError(
            f"The {shared} training images of '{printable(root)}' are the test images under other names; "
            "put other images into one of the folders."
        )
    if shared:
        log.warning("%d training images are test images under other names and are left out of the training", shared)
    return {"train": train, "test": splits["test"]}


def _half_a_split(root: Path, folder: Path, entries: list[Path]) -> DataError:
    validation = [entry.name for entry in entries if entry.name.casefold() in VALIDATION and entry.is_dir()]
    other = "test" if SPLITS[folder.name.casefold()] == "train" else "train"
    rename = f"rename {validation[0]} to {other}" if validation else "add the other"
    return DataError(
        f"'{printable(root)}' must contain both a train and a test folder, or neither. Received only {folder.name}; "
        f"{rename}, or set dataset.path to '{printable(folder)}'."
    )


def _tell_left_out(entries: list[Path]) -> None:
    """Warn of what is neither among the training images nor the test images."""
    ignored = [entry.name for entry in entries if entry.is_dir() or entry.suffix.lower() in SUFFIXES]
    if ignored:
        listed = ", ".join(printable(name) for name in ignored[:5]) + (", …" if len(ignored) > 5 else "")
        log.warning("only the train and the test folder are read; left out beside them: %s", listed)
