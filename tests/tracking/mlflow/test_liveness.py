"""Telling dead runs from living ones."""

import subprocess
import sys
import threading
import time

import psutil
import pytest
import requests
from mlflow.exceptions import MlflowException

from aeexp.errors import StoreUnreachableError
from aeexp.tracking.mlflow.liveness import SECONDS_UNTIL_DEAD, Heartbeat, beat, is_alive
from aeexp.tracking.tags import BEAT_TAG, PROCESS_TAG


def test_this_process_lives():
    assert is_alive(beat())


def test_a_process_that_has_ended_is_dead_and_so_is_one_whose_number_is_used_again():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    host = beat()[PROCESS_TAG].split(" ")[0]
    start = psutil.Process(process.pid).create_time()
    tag = f"{host} {process.pid} {start:.0f}"
    assert is_alive({PROCESS_TAG: tag})
    assert not is_alive({PROCESS_TAG: f"{host} {process.pid} {start - 100:.0f}"})
    process.communicate(b"\n")
    assert not is_alive({PROCESS_TAG: tag})


def test_on_another_host_the_last_beat_decides():
    now = time.time()
    assert is_alive({PROCESS_TAG: "elsewhere 1 0", BEAT_TAG: f"{now - SECONDS_UNTIL_DEAD / 2:.0f}"})
    assert is_alive({PROCESS_TAG: "elsewhere 1 0"})
    assert not is_alive({PROCESS_TAG: "elsewhere 1 0", BEAT_TAG: f"{now - 2 * SECONDS_UNTIL_DEAD:.0f}"})


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        (MlflowException("the database is locked"), 0),
        (requests.ConnectionError("connection refused"), 0),
        (StoreUnreachableError("it does not answer"), 0),
        (KeyError("a fault of ours"), 1),
    ],
    ids=lambda each: type(each).__name__,
)
def test_heart_beats_on_after_an_error_and_logs_once_what_is_a_fault(caplog, error, logged):
    beats = []
    often = threading.Event()

    def once() -> None:
        beats.append(1)
        if len(beats) > 3:
            often.set()
        raise error

    with Heartbeat(once, 0.01):
        assert often.wait(60)
    counted = len(beats)
    time.sleep(0.05)
    assert len(beats) == counted
    assert len(caplog.records) == logged
    assert caplog.text.count("Traceback") == caplog.text.count("a fault of ours") == logged
