"""Files for the user: whole, or not there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aeexp.errors import OutputError


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to; when all is written it takes its name, so that nobody meets half a file.

    Raises:
        OutputError: where it cannot be written.
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
