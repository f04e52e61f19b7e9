"""Whether the process behind a run that is said to be running still lives."""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import psutil
from mlflow import MlflowClient

PROCESS = "aeexp.process"
"""The tag that names a run's process: host, number, and second of its start, as numbers are used again."""

BEAT = "aeexp.beat"
"""The tag that a running run refreshes with the time, for hosts that cannot see its process."""

SECONDS_BETWEEN_BEATS = 20
SECONDS_UNTIL_DEAD = 300


def identity() -> str:
    """This process, as the tag names it."""
    process = psutil.Process()
    return f"{socket.gethostname()} {process.pid} {process.create_time():.0f}"


def beat() -> dict[str, str]:
    """The tags of a run that lives in this process now."""
    return {PROCESS: identity(), BEAT: f"{time.time():.0f}"}


def is_alive(tags: Mapping[str, str]) -> bool:
    """Whether a run with these tags may still be at work.

    On this host its process decides, on others its last beat; one that has no heart counts as alive there.
    """
    host, number, start = tags[PROCESS].split(" ")
    if host == socket.gethostname():
        return _is_process(int(number), float(start))
    return BEAT not in tags or time.time() - float(tags[BEAT]) < SECONDS_UNTIL_DEAD


def end_dead_runs(client: MlflowClient, experiment: str) -> None:
    """Mark what still counts as running although its process was killed."""
    for run in client.search_runs([experiment], "attributes.status = 'RUNNING'"):
        if PROCESS in run.data.tags and not is_alive(run.data.tags):
            client.set_terminated(run.info.run_id, "KILLED")


def _is_process(number: int, start: float) -> bool:
    try:
        process = psutil.Process(number)
        # the clock may have been corrected by a second since
        return abs(process.create_time() - start) < 2 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Heartbeat:
    """Does something every few seconds beside whatever goes on inside its `with`."""

    def __init__(self, once: Callable[[], None], seconds: float) -> None:
        self._once = once
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._repeat, daemon=True)

    def _repeat(self) -> None:
        while not self._over.wait(self._seconds):
            with suppress(Exception):  # a store that does not answer now will answer the next time
                self._once()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
