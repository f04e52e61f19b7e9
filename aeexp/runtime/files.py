"""Atomic writing of files, and locks between processes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from aeexp.errors import OutputError


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that is renamed to it after the `with`, so that no file is ever incomplete.

    Each process has a path of its own, so that parallel runs may write the same file.

    Raises:
        OSError: if it cannot be written; an older file stays as it was.
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def remove_parts(path: Path) -> None:
    """Delete what processes that were killed left of writing a file; no other process may be writing it."""
    for part in path.parent.glob(f".{path.stem}.*.part{path.suffix}"):
        part.unlink(missing_ok=True)


@contextmanager
def write_output(path: Path) -> Iterator[Path]:
    """An atomic write of a file that the user has asked for.

    Raises:
        OutputError: if it cannot be written.
    """
    try:
        with atomic_write(path) as part:
            yield part
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(f"output: cannot write '{path}' ({reason}); make room there or choose another.") from error


def printable(path: Path | str) -> str:
    r"""A path for messages and labels; bytes of its name that are no UTF-8 appear as `\xe9`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keeps out other processes that lock the same path. The file of the lock does not stay behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)  # while no other process has the lock
