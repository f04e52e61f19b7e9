"""A training that is interrupted by Ctrl-C, by a scheduler or by a kill: how it ends and what is recorded of it."""

import signal
from pathlib import Path

import pytest

from tests.support.processes import start
from tests.support.stores import recorded

pytestmark = pytest.mark.slow


def end_a_training(store: Path, sent: signal.Signals) -> tuple[int, str]:
    """Begin a long training, send the signal in the midst of it, and give the exit code and what it said of errors."""
    words = ["dataset.limit=40", "trainer.epochs=100000", "model=dense_ae", "report=none", "baseline=none"]
    process = start("train", *words, f"tracking.folder={store}", f"trainer.checkpoints={store}/checkpoints")
    try:
        while "epoch 1/100000" not in (line := process.stdout.readline()):
            assert line, "it ended before its first epoch did"
        process.send_signal(sent)
        _, errors = process.communicate(timeout=60)
        return process.returncode, errors
    finally:
        process.kill()


def status(store: Path) -> str:
    (run,) = recorded(store)
    return run.info.status


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_training_ends_as_killed(sent, store):
    code, errors = end_a_training(store, sent)
    assert code == 130
    assert "Traceback" not in errors
    assert status(store) == "KILLED"


def test_a_killed_training_is_found_dead_by_the_next_command(aeexp, store):
    end_a_training(store, signal.SIGKILL)
    assert status(store) == "RUNNING"
    assert "killed" in aeexp("runs").out
    assert status(store) == "KILLED"
