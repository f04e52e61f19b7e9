"""Notes on image files, one line for each kind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from aeexp.runtime.files import printable


def summarized(notes: Mapping[Path, Iterable[str]]) -> list[str]:
    """One line for each note, with the first file that it is about and the number of the others."""
    files = defaultdict(list)
    for file, lines in notes.items():
        for line in lines:
            files[line].append(file)
    return [f"{_named(about)}: {line}" for line, about in files.items()]


def _named(files: list[Path]) -> str:
    others = len(files) - 1
    return f"'{printable(files[0])}'" + (f" and {others} other image{'s' * (others > 1)}" if others else "")
