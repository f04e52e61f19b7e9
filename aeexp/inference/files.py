"""Which picture files the user means, and under which names their restored pictures are written."""

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from aeexp.datasets.readers.image import SUFFIXES
from aeexp.errors import DataError, OutputError

CONTACT_SHEET = "contact_sheet.png"


def find_images(images: str, output: Path) -> list[Path]:
    """The picture files that a file's name, a folder or a pattern such as `photos/*.png` means, sorted.

    Args:
        output: a folder whose files are left out: they are results.

    Raises:
        DataError: where there is none.
    """
    path = Path(images).expanduser()
    if path.is_file():
        return [path]
    found = path.rglob("*") if path.is_dir() else map(Path, glob.glob(str(path), recursive=True))
    files = sorted(file for file in found if file.suffix.lower() in SUFFIXES and file.is_file())
    chosen = [file for file in files if not file.resolve().is_relative_to(output.resolve())]
    if not chosen:
        raise DataError(
            f"images: '{images}' means no picture. Expected a file, a folder, or a quoted pattern such as "
            f"'photos/*.png' of {', '.join(SUFFIXES)}."
        )
    return chosen


def png_names(files: Sequence[Path]) -> list[Path]:
    """A relative path for each file's PNG: its place below the folder that holds all, and a name that no other has."""
    root = Path(os.path.commonpath([file.absolute().parent for file in files]))
    taken = {CONTACT_SHEET}
    names = []
    for file in files:
        place = file.absolute().parent.relative_to(root)
        name = next(place / name for name in _names(file) if str(place / name).casefold() not in taken)
        taken.add(str(name).casefold())  # some file systems take capitals for small letters
        names.append(name)
    return names


def refuse_overwriting(files: Sequence[Path], results: Sequence[Path]) -> None:
    """Refuse results that would take the place of what they are made of.

    Raises:
        OutputError: as above.
    """
    originals = {file.resolve() for file in files}
    if lost := [result for result in results if result.resolve() in originals]:
        raise OutputError(f"output: '{lost[0]}' would be written over the picture itself; choose another folder.")


def _names(file: Path) -> Iterator[str]:
    """`a.png`, and where that is taken, `a.jpg.png`, `a-2.png`, `a-3.png`, …"""
    yield f"{file.stem}.png"
    yield f"{file.name}.png"
    number = 2
    while True:
        yield f"{file.stem}-{number}.png"
        number += 1
