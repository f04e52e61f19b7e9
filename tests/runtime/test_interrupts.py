"""Ctrl-C and a scheduler's end."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import mlflow
import pytest

from aeexp.runtime.interrupts import check_interrupt, deferred_interrupts


def end_a_training(store: Path, sent: signal.Signals) -> tuple[int, str]:
    """Begin a long training, send the signal in the midst of it, and give the exit code and what it said of errors."""
    words = ["dataset.limit=40", "trainer.epochs=100000", "model=dense_ae", "report=none", "baseline=none"]
    places = [f"tracking.folder={store}", f"trainer.checkpoints={store}/checkpoints"]
    command = [sys.executable, "-m", "aeexp", "train", *words, *places]
    environment = {name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert "epoch 1/100000" in process.stdout.readline()
        process.send_signal(sent)
        _, errors = process.communicate(timeout=60)
        return process.returncode, errors
    finally:
        process.kill()


def status(store: Path) -> str:
    client = mlflow.MlflowClient(f"sqlite:///{store}/mlflow.db")
    experiment = client.get_experiment_by_name("aeexp")
    (run,) = client.search_runs([experiment.experiment_id])
    return run.info.status


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ends_as_killed(sent, store):
    code, errors = end_a_training(store, sent)
    assert code == 130
    assert "Traceback" not in errors
    assert status(store) == "KILLED"


def test_what_could_say_nothing_is_found_dead_by_the_next_command(aeexp, store):
    end_a_training(store, signal.SIGKILL)
    assert status(store) == "RUNNING"
    assert "killed" in aeexp("runs").out
    assert status(store) == "KILLED"


def interrupt(times=1):
    for _ in range(times):
        os.kill(os.getpid(), signal.SIGINT)


def test_is_taken_where_it_is_heeded():
    with suppress(KeyboardInterrupt), deferred_interrupts():
        interrupt()
        with pytest.raises(KeyboardInterrupt):
            check_interrupt()
    with deferred_interrupts():
        check_interrupt()  # the next block knows nothing of it


def test_is_taken_at_the_end_at_the_latest():
    with pytest.raises(KeyboardInterrupt), deferred_interrupts():
        interrupt()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_one_breaks_in():
    with suppress(KeyboardInterrupt), deferred_interrupts(), pytest.raises(KeyboardInterrupt):
        interrupt(2)


def test_what_is_to_be_ignored_stays_so():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with deferred_interrupts():
            interrupt(2)
            check_interrupt()
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_are_left_alone():
    with ThreadPoolExecutor() as pool:
        pool.submit(deferred_interrupts().__enter__).result()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
