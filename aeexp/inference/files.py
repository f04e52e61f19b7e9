"""Input files and output names of `aeexp predict`."""

import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from aeexp.datasets.readers.image import SUFFIXES
from aeexp.datasets.readers.image_files import CONTACT_SHEET, images_below, images_matching
from aeexp.errors import DataError, OutputError
from aeexp.runtime.files import printable


def find_images(images: str, output: Path) -> list[Path]:
    """The sorted image files given by a path, a folder or a pattern such as `photos/*.png`; each picture once.

    What exists under this name is taken literally, even with brackets in it. Hidden files below a folder
    and the contact sheets of earlier commands are left out.

    Args:
        images: the path, folder or pattern.
        output: folder of the results, whose files are excluded.

    Raises:
        DataError: if there are none.
        OutputError: if all of them are in the folder of the results.
    """
    path = Path(images).expanduser()
    if path.is_file():
        return [path]
    files = images_below(path) if path.is_dir() else images_matching(str(path))
    chosen = [file for file in files if not file.resolve().is_relative_to(output.resolve())]
    if files and not chosen:
        raise OutputError(
            f"output: it must be another folder than that of the images, whose files would be taken for results. "
            f"Received output={printable(output)} and images={printable(images)}; use, for example, output=restored."
        )
    if not chosen:
        raise DataError(
            "images: no images found. Expected a file, a folder, or a quoted pattern such as 'photos/*.png', with "
            f"files that end in {', '.join(SUFFIXES)}. Received '{printable(images)}'."
        )
    return chosen


def png_names(files: Sequence[Path]) -> list[Path]:
    """A unique relative path of the result for each file, which keeps the folder structure of the files."""
    root = Path(os.path.commonpath([file.absolute().parent for file in files]))
    taken = {CONTACT_SHEET}
    names: dict[Path, Path] = {}
    for file in sorted(files, key=lambda file: file.suffix.lower() != ".png"):  # these keep their names
        folder = file.absolute().parent.relative_to(root)
        name = next(folder / name for name in _names(file) if str(folder / name).casefold() not in taken)
        taken.add(str(name).casefold())  # some file systems are case-insensitive
        names[file] = name
    return [names[file] for file in files]


def refuse_overwriting(files: Sequence[Path], results: Sequence[Path]) -> None:
    """Check that no result overwrites an input file.

    Raises:
        OutputError: if one would.
    """
    originals = {file.resolve() for file in files}
    if overwritten := [result for result in results if result.resolve() in originals]:
        raise OutputError(
            f"output: '{printable(overwritten[0])}' would overwrite an input image; choose another folder."
        )


def _names(file: Path) -> Iterator[str]:
    """Candidate names in order of preference: `a.png`, `a_jpg.png`, `a_jpg-2.png`, `a_jpg-3.png`, …"""
    distinct = f"{file.stem}_{file.suffix[1:]}".rstrip("_")
    yield f"{file.stem}.png"
    yield f"{distinct}.png"
    yield from (f"{distinct}-{number}.png" for number in itertools.count(2))
