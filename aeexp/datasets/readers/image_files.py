"""Image files below a folder, or that a pattern means: each picture once, hidden files and contact sheets left out."""

import glob
import logging
import os
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from aeexp.datasets.readers.image import SUFFIXES
from aeexp.runtime.files import printable

log = logging.getLogger(__name__)

CONTACT_SHEET, SHEET_MARK = "contact_sheet.png", "contact sheet of aeexp predict"
"""Name of the overview of restored images, and the text near the beginning of the file that tells it from a picture."""


def images_below(folder: Path) -> list[Path]:
    """The image files in and below a folder, sorted; each picture once. Hidden files and folders are left out."""
    return _distinct(_visible_files(folder, ["*"]))


def images_matching(pattern: str) -> list[Path]:
    """The image files that a pattern such as `photos/**/*.png` means, sorted; each picture once.

    The beginning of the pattern that exists as a path is taken literally, even with brackets in it.
    """
    anchor, *names = Path(pattern).parts
    literal = Path(anchor)
    if not os.path.lexists(literal):
        literal, names = Path(), [anchor, *names]
    while names and os.path.lexists(literal / names[0]):
        literal /= names.pop(0)
    without_sets = [name.replace("[", "[[]") for name in names]
    return _distinct(_expanded(literal, names)) or _distinct(_expanded(literal, without_sets))


def identity(file: Path) -> object:
    """What tells pictures apart: the resolved path, or the inode of a file that has several names."""
    state = file.stat()
    return (state.st_dev, state.st_ino) if state.st_nlink > 1 and state.st_ino else os.path.realpath(file)


def _distinct(paths: Iterable[Path]) -> list[Path]:
    """The image files among these paths, sorted; of several names for one picture the one with the fewest links."""
    names: dict[object, list[Path]] = defaultdict(list)
    for path in sorted(set(paths)):
        if path.suffix.lower() in SUFFIXES and os.path.isfile(path) and not _is_contact_sheet(path):
            names[identity(path)].append(path)
    chosen = {min(group, key=_links) if len(group) > 1 else group[0]: group for group in names.values()}
    if left_out := [(path, best) for best, group in chosen.items() for path in group if path != best]:
        log.warning(
            "%d image files are further names of the same pictures and are left out, such as '%s', the same as '%s'",
            *(len(left_out), *map(printable, left_out[0])),
        )
    return sorted(chosen)


def _is_contact_sheet(path: Path) -> bool:
    if path.name != CONTACT_SHEET or not os.access(path, os.R_OK):
        return False
    with path.open("rb") as file:
        return SHEET_MARK.encode() in file.read(200)


def _links(path: Path) -> int:
    return sum(part.is_symlink() for part in (path, *path.parents))


def _expanded(folder: Path, names: list[str]) -> Iterator[Path]:
    """The paths below a folder that match the parts of a pattern."""
    if not names:
        yield folder
    elif "**" in names:
        index = names.index("**")
        for base in _expanded(folder, names[:index]):
            yield from _visible_files(base, names[index + 1 :] or ["*"])
    else:
        yield from (folder / name for name in glob.glob(os.path.join(*names), root_dir=folder))


def _visible_files(folder: Path, names: list[str]) -> Iterator[Path]:
    for below in _folders(folder):
        yield from _expanded(below, names)


def _folders(folder: Path) -> list[Path]:
    """A folder and all visible folders below it, each once; links are followed unless they lead back."""
    start, seen = Path(os.path.realpath(folder)), set[Path]()
    found, left_out = [], []
    waiting = deque([folder])  # folders at the left, links to folders at the right, to be met after all folders
    while waiting:
        current = waiting.popleft()
        resolved = Path(os.path.realpath(current))
        if resolved in seen or (seen and start.is_relative_to(resolved)):
            left_out.append(current)
            continue
        seen.add(resolved)
        found.append(current)
        for entry in _entries(current):
            if os.path.isdir(entry.path) and not entry.name.startswith("."):
                (waiting.append if entry.is_symlink() else waiting.appendleft)(current / entry.name)
    if left_out:
        log.warning(
            "%d links to folders that are read already are not followed, such as '%s'",
            *(len(left_out), printable(left_out[0])),
        )
    return found


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    if not os.path.isdir(folder):
        return []
    try:
        return sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        log.warning("the folder '%s' cannot be read and is left out: %s", printable(folder), error.strerror)
        return []
