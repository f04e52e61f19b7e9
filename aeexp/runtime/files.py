"""Atomic writing of files."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aeexp.errors import OutputError


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that is renamed to it after the `with`, so that no file is ever incomplete.

    Raises:
        OutputError: if it cannot be written.
    """
    part = path.with_name(f".{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(f"output: cannot write '{path}' ({reason}); make room there or choose another.") from error
    finally:
        if part.parent.is_dir():
            part.unlink(missing_ok=True)
