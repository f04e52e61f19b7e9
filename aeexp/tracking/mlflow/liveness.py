"""Whether the process of a run that is recorded as running still lives."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import psutil

from aeexp.errors import StoreUnreachableError
from aeexp.tracking.tags import BEAT_TAG, PROCESS_TAG

if TYPE_CHECKING:
    from mlflow import MlflowClient

SECONDS_BETWEEN_BEATS = 20
SECONDS_UNTIL_DEAD = 300
LOG = logging.getLogger(__name__)


def identity() -> str:
    """This process, as the tag names it."""
    process = psutil.Process()
    return f"{socket.gethostname()} {process.pid} {process.create_time():.0f}"


def beat() -> dict[str, str]:
    """The tags of a run that lives in this process now."""
    return {PROCESS_TAG: identity(), BEAT_TAG: f"{time.time():.0f}"}


def is_alive(tags: Mapping[str, str]) -> bool:
    """Whether a run with these tags may still be at work.

    On this host its process decides. On another host its last heartbeat does; a run that records none counts as alive.
    """
    host, number, start = tags[PROCESS_TAG].split(" ")
    if host == socket.gethostname():
        return _is_process(int(number), float(start))
    return BEAT_TAG not in tags or time.time() - float(tags[BEAT_TAG]) < SECONDS_UNTIL_DEAD


def is_dead(status: str, tags: Mapping[str, str]) -> bool:
    """Whether a run with this status and these tags is recorded as running although its process is dead."""
    return status == "RUNNING" and PROCESS_TAG in tags and not is_alive(tags)


def end_dead_runs(client: "MlflowClient", experiment: str) -> None:
    """Mark the runs as killed that are recorded as running although their process is dead."""
    for run in client.search_runs([experiment], "attributes.status = 'RUNNING'"):
        if is_dead(run.info.status, run.data.tags):
            client.set_terminated(run.info.run_id, "KILLED")


def _is_process(number: int, start: float) -> bool:
    try:
        process = psutil.Process(number)
        # the clock may have been corrected by a second since
        return abs(process.create_time() - start) < 2 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Heartbeat:
    """Repeats a request to the store every few seconds while its `with` block runs.

    A store that does not answer is asked again the next time. Any other error is logged with its traceback, once.
    """

    def __init__(self, once: Callable[[], None], seconds: float) -> None:
        self._once = once
        self._seconds = seconds
        self._is_logged = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._repeat, daemon=True)

    def _repeat(self) -> None:
        from aeexp.tracking.mlflow.errors import STORE_ERRORS  # imports MLflow, which who only lists runs does without

        while not self._over.wait(self._seconds):
            try:
                self._once()
            except (*STORE_ERRORS, StoreUnreachableError):
                pass
            except Exception:  # a fault in one of them must not let the run appear dead
                if not self._is_logged:
                    LOG.exception("a task that repeats beside the run fails; it is repeated, and logged only once")
                self._is_logged = True

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
