"""Telling dead runs from living ones."""

import subprocess
import sys
import threading
import time

import psutil

from aeexp.tracking.mlflow.liveness import BEAT, PROCESS, SECONDS_UNTIL_DEAD, Heartbeat, beat, is_alive


def test_this_process_lives():
    assert is_alive(beat())


def test_a_process_that_has_ended_is_dead_and_so_is_one_whose_number_is_used_again():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    host = beat()[PROCESS].split(" ")[0]
    start = psutil.Process(process.pid).create_time()
    tag = f"{host} {process.pid} {start:.0f}"
    assert is_alive({PROCESS: tag})
    assert not is_alive({PROCESS: f"{host} {process.pid} {start - 100:.0f}"})
    process.communicate(b"\n")
    assert not is_alive({PROCESS: tag})


def test_on_another_host_the_last_beat_decides():
    now = time.time()
    assert is_alive({PROCESS: "elsewhere 1 0", BEAT: f"{now - SECONDS_UNTIL_DEAD / 2:.0f}"})
    assert is_alive({PROCESS: "elsewhere 1 0"})
    assert not is_alive({PROCESS: "elsewhere 1 0", BEAT: f"{now - 2 * SECONDS_UNTIL_DEAD:.0f}"})


def test_heart_beats_on_when_the_store_fails_and_stops_at_the_end():
    beats = []
    again = threading.Event()

    def once() -> None:
        beats.append(1)
        if len(beats) > 1:
            again.set()
        raise OSError

    with Heartbeat(once, 0.01):
        assert again.wait(60)
    counted = len(beats)
    time.sleep(0.05)
    assert len(beats) == counted
