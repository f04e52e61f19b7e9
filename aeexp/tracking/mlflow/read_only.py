"""Read-only stores: an archive, or the runs of somebody else, of which a temporary copy of the database is opened."""

import atexit
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import quote

from aeexp.tracking.mlflow.relocation import relocate


def is_read_only(file: Path) -> bool:
    """Whether a database exists that cannot be written to; SQLite also writes beside it."""
    return file.exists() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))


def readable_file(file: Path) -> Path:
    """The file itself, or a copy of a read-only one: MLflow writes into whatever database it opens."""
    return _temporary_copy(file, file.stat().st_mtime_ns) if is_read_only(file) else file


@cache
def _temporary_copy(file: Path, changed: int) -> Path:
    """A copy of a database that lasts as long as this process, with the files of its runs found where they are.

    Args:
        changed: the time of its last change.
    """
    folder = tempfile.mkdtemp(prefix="aeexp-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = Path(folder) / file.name
    address = f"file:{quote(os.fsencode(file))}"
    with closing(sqlite3.connect(copy)) as target:
        try:
            _copy_database(f"{address}?mode=ro", target)
        except sqlite3.OperationalError:  # a journal that only the owner could apply
            _copy_database(f"{address}?immutable=1", target)
    relocate(copy, file.parent)
    return copy


def _copy_database(address: str, target: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(address, uri=True)) as source:
        source.backup(target)
