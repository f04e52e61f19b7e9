"""Input files and output names of `aeexp predict`."""

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from aeexp.datasets.readers.image import SUFFIXES
from aeexp.errors import DataError, OutputError

CONTACT_SHEET = "contact_sheet.png"


def find_images(images: str, output: Path) -> list[Path]:
    """The sorted image files given by a path, a folder or a pattern such as `photos/*.png`.

    Args:
        images: the path, folder or pattern.
        output: folder of the results, whose files are excluded.

    Raises:
        DataError: if there are none.
    """
    path = Path(images).expanduser()
    if path.is_file():
        return [path]
    found = path.rglob("*") if path.is_dir() else map(Path, glob.glob(str(path), recursive=True))
    files = sorted(file for file in found if file.suffix.lower() in SUFFIXES and file.is_file())
    chosen = [file for file in files if not file.resolve().is_relative_to(output.resolve())]
    if not chosen:
        raise DataError(
            "images: no images found. Expected a file, a folder, or a quoted pattern such as 'photos/*.png', with "
            f"files that end in {', '.join(SUFFIXES)}. Received '{images}'."
        )
    return chosen


def png_names(files: Sequence[Path]) -> list[Path]:
    """A unique relative path of the result for each file, which keeps the folder structure of the files."""
    root = Path(os.path.commonpath([file.absolute().parent for file in files]))
    taken = {CONTACT_SHEET}
    names = []
    for file in files:
        folder = file.absolute().parent.relative_to(root)
        name = next(folder / name for name in _names(file) if str(folder / name).casefold() not in taken)
        taken.add(str(name).casefold())  # some file systems are case-insensitive
        names.append(name)
    return names


def refuse_overwriting(files: Sequence[Path], results: Sequence[Path]) -> None:
    """Check that no result overwrites an input file.

    Raises:
        OutputError: if one would.
    """
    originals = {file.resolve() for file in files}
    if overwritten := [result for result in results if result.resolve() in originals]:
        raise OutputError(f"output: '{overwritten[0]}' would overwrite an input image; choose another folder.")


def _names(file: Path) -> Iterator[str]:
    """Candidate names in order of preference: `a.png`, `a.jpg.png`, `a-2.png`, `a-3.png`, …"""
    yield f"{file.stem}.png"
    yield f"{file.name}.png"
    number = 2
    while True:
        yield f"{file.stem}-{number}.png"
        number += 1
