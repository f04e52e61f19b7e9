"""What a run has to record waits on disk until the store has taken it."""

import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from mlflow.exceptions import MlflowException
from requests import RequestException
from sqlalchemy.exc import OperationalError

from aeexp.errors import RunBusyError
from aeexp.runtime.interrupts import check_interrupt

SECONDS_BETWEEN_TRIES = 5.0
STORE_ERRORS = (MlflowException, RequestException, OperationalError)
LOG = logging.getLogger(__name__)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Entry:
    """One thing to record.

    Args:
        kind: what is to be done with it.
        details: numbers and names, as JSON knows them.
        folder: of its files, if it has any.
    """

    kind: str
    details: dict[str, Any]
    folder: Path


class Outbox:
    """Sends entries in their order. While the store is away they stay on disk, and the run goes on.

    Only one process at a time can have the outbox of a run; when it is killed, another one takes up what it left.

    Args:
        folder: of this run's entries, which is there only as long as it is needed.
        send: records an entry, or raises what MLflow raises.

    Raises:
        RunBusyError: where another process has it.
    """

    def __init__(self, folder: Path, send: Callable[[Entry], None]) -> None:
        self.folder = folder
        self._send = send
        self.obstacle: str | None = None
        """Why the store has taken nothing of late."""
        self._next_try = 0.0
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / ".lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise RunBusyError(f"run {folder.name} is at work in another process; wait for it.") from error
        for unfinished in folder.glob("*.unfinished"):
            shutil.rmtree(unfinished)
        self._count = max((int(place.name) for place in self._waiting()), default=0)

    @contextmanager
    def entry(self, kind: str, **details: Any) -> Iterator[Path]:
        """The folder for the files of a new entry, which is sent thereafter."""
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

    def flush(self) -> bool:
        """Send what waits, the oldest first.

        Returns:
            Whether nothing is left.

        Raises:
            MlflowException: for an entry that the store refuses, which is put aside.
        """
        for place in self._waiting():
            try:
                self._send(Entry(**json.loads((place / "entry.json").read_text()), folder=place))
            except STORE_ERRORS as error:
                if not is_away(error):
                    place.rename(place.with_suffix(".refused"))
                    raise
                self._wait(error)
                return False
            shutil.rmtree(place)
        if self.obstacle:
            LOG.warning("the tracking store answers again and has taken all that waited")
        self.obstacle, self._next_try = None, 0.0
        return True

    def close(self, patience: float) -> bool:
        """Give the outbox back, empty if the store answers within some seconds.

        Returns:
            Whether it is empty.
        """
        give_up = time.monotonic() + patience
        while not (empty := self.flush()) and time.monotonic() < give_up:
            check_interrupt()
            time.sleep(SECONDS_BETWEEN_TRIES)
        if empty:
            Path(self._lock.lock_file).unlink(missing_ok=True)
            with suppress(OSError):  # what the store has refused stays
                self.folder.rmdir()
        self._lock.release()
        return empty

    def _waiting(self) -> list[Path]:
        return sorted(place for place in self.folder.iterdir() if place.name.isdigit())

    def _wait(self, error: Exception) -> None:
        if not self.obstacle:
            self.obstacle = _reason(error)
            LOG.warning("the tracking store does not answer (%s); the run goes on and records it later", self.obstacle)
        self._next_try = time.monotonic() + SECONDS_BETWEEN_TRIES


def _reason(error: Exception) -> str:
    """The first line that says something of the cause; SQLAlchemy may begin with one that does not."""
    lines = [line for line in str(error).splitlines() if line.strip() and not line.startswith("(raised as")]
    return lines[0].strip()[:200] if lines else type(error).__name__


def is_away(error: Exception) -> bool:
    """Whether the same request may do well later: the server is down, or its database busy."""
    if "readonly database" in str(error):
        return False
    if isinstance(error, MlflowException):
        return error.get_http_status_code() >= 500
    answer = getattr(error, "response", None)
    return answer is None or answer.status_code >= 500


def retry(ask: Callable[[], Answer], patience: float) -> Answer:
    """Ask again while the store is away, for some seconds."""
    give_up = time.monotonic() + patience
    while True:
        try:
            return ask()
        except STORE_ERRORS as error:
            if not is_away(error) or time.monotonic() > give_up:
                raise
            check_interrupt()
            time.sleep(1)
