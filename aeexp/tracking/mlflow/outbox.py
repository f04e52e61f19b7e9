"""Entries of a run that wait on disk until the store has taken them."""

import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock, Timeout

from aeexp.errors import RunBusyError, TrackingError
from aeexp.tracking.mlflow.errors import STORE_ERRORS, first_line, is_unreachable, retry

SECONDS_BETWEEN_TRIES = 5.0
"""How long an unreachable store is left alone while the run goes on."""

SECONDS_UNTIL_LEFT = 60
"""How old an outbox is before it can be one that a killed run has left."""

LOCK = ".lock"
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One thing to record.

    Args:
        kind: such as `metrics`; it says how to record the entry.
        details: numbers and names, as JSON can hold them.
        folder: of its files, if it has any.
    """

    kind: str
    details: dict[str, Any]
    folder: Path


class Outbox:
    """Sends entries in their order. While the store is unreachable they stay on disk, and the run goes on.

    Only one process at a time can hold the outbox of a run; when it is killed, another one sends what it left.

    Args:
        folder: of this run's entries; it exists only as long as it is needed.
        send: records an entry, or raises what MLflow raises.

    Raises:
        RunBusyError: where another process holds it.
    """

    def __init__(self, folder: Path, send: Callable[[Entry], None]) -> None:
        self.folder = folder
        self._send = send
        self.obstacle: str | None = None
        """Why the store took nothing at the last try; None where it did."""
        self._next_try = 0.0
        self._lock = _locked(folder)
        for unfinished in folder.glob("*.unfinished"):
            shutil.rmtree(unfinished)
        self._count = max((int(place.name) for place in self._waiting()), default=0)

    @contextmanager
    def entry(self, kind: str, **details: Any) -> Iterator[Path]:
        """The folder for the files of a new entry, which is sent at the end of the block.

        Raises:
            TrackingError: where the store refuses an entry; it is put aside.
        """
        self._count += 1
        unfinished = self.folder / f"{self._count:08}.unfinished"
        unfinished.mkdir()
        try:
            yield unfinished
            (unfinished / "entry.json").write_text(json.dumps({"kind": kind, "details": details}))
            unfinished.rename(unfinished.with_suffix(""))
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        if time.monotonic() >= self._next_try:
            self.flush()

    def post(self, kind: str, **details: Any) -> None:
        """Send an entry without files."""
        with self.entry(kind, **details):
            pass

    def flush(self, timeout: float = 0) -> bool:
        """Send all that waits, the oldest first, trying for some seconds if the store is unreachable.

        Returns:
            Whether nothing is left.

        Raises:
            TrackingError: where the store refuses an entry; it is put aside.
        """
        try:
            retry(self._send_waiting, timeout)
        except STORE_ERRORS as error:
            self._wait(error)
            return False
        if self.obstacle:
            LOG.warning("the tracking store answers again and has taken all that waited")
        self.obstacle, self._next_try = None, 0.0
        return True

    def close(self, timeout: float) -> bool:
        """Send all that waits and let go of the outbox, which is deleted if it is empty.

        Returns:
            Whether nothing is left but what the store has refused.
        """
        empty = self.flush(timeout)
        if empty:
            Path(self._lock.lock_file).unlink(missing_ok=True)
            with suppress(OSError):  # what the store has refused stays
                self.folder.rmdir()
                self.folder.parent.rmdir()
        self._lock.release()
        return empty

    def _waiting(self) -> list[Path]:
        return sorted(place for place in self.folder.iterdir() if place.name.isdigit())

    def _send_waiting(self) -> None:
        for place in self._waiting():
            entry = Entry(**json.loads((place / "entry.json").read_text()), folder=place)
            try:
                self._send(entry)
            except STORE_ERRORS as error:
                if is_unreachable(error):
                    raise
                refused = place.rename(place.with_suffix(".refused"))
                raise TrackingError(
                    f"the tracking store refuses to record {entry.kind} of run {self.folder.name} "
                    f"({first_line(error)}). It is kept in {refused}."
                ) from error
            shutil.rmtree(place)

    def _wait(self, error: Exception) -> None:
        if not self.obstacle:
            self.obstacle = first_line(error)
            LOG.warning("the tracking store does not answer (%s); the run goes on and records it later", self.obstacle)
        self._next_try = time.monotonic() + SECONDS_BETWEEN_TRIES


def remove_empty(outboxes: Path) -> None:
    """Delete the outboxes of killed runs that have nothing left to record."""
    for folder in outboxes.glob("*"):
        with suppress(OSError, RunBusyError):
            is_old = time.time() - folder.stat().st_mtime > SECONDS_UNTIL_LEFT
            if is_old and all(place.name == LOCK for place in folder.iterdir()):
                lock = _locked(folder)
                Path(lock.lock_file).unlink()
                folder.rmdir()
                lock.release()
    with suppress(OSError):
        outboxes.rmdir()


def _locked(folder: Path) -> BaseFileLock:
    """The lock of an outbox, which is created if it does not exist.

    Raises:
        RunBusyError: where another process holds it.
    """
    lock = FileLock(folder / LOCK)
    while True:
        with suppress(FileNotFoundError):  # another process has just deleted it as empty
            folder.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                raise RunBusyError(f"run {folder.name} is at work in another process; wait for it.") from error
            if Path(lock.lock_file).exists():
                return lock
            lock.release()
