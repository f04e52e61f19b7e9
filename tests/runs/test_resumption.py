"""What a run goes on from: a missing state and a store that does not give it are two things."""

from types import SimpleNamespace

import pytest

from aeexp.errors import DamagedRunError, StoreUnreachableError
from aeexp.runs.resumption import stored_state
from aeexp.tracking.tracker import RunSpec
from aeexp.training.checkpoint import Checkpoint
from tests.support.stores import tracker_of


@pytest.fixture
def ended(store):
    """A run without a training state."""
    tracker = tracker_of(store)
    tracker.open()
    run = tracker.begin(RunSpec("run", {}, texts={"a.txt": "a"}))
    run.write_metrics({"val/loss": 1.0}, 3)
    return tracker, run


def state_of(ended, tmp_path, status):
    tracker, run = ended
    run.finish(status)
    resumed = tracker.resume(run.id)
    try:
        return stored_state(resumed, Checkpoint(tmp_path / "none.npz"), tracker.store, SimpleNamespace())
    finally:
        resumed.finish(status)


def test_a_finished_run_without_its_state_is_not_trained_from_the_beginning(ended, tmp_path):
    with pytest.raises(DamagedRunError, match=r"has finished, but its file weights/state\.npz is missing; put it back"):
        state_of(ended, tmp_path, "FINISHED")


def test_a_killed_run_without_a_state_begins_again_and_says_so(ended, tmp_path, caplog):
    assert state_of(ended, tmp_path, "KILLED") is None
    assert "it is trained from epoch 1" in caplog.text


@pytest.mark.parametrize("status", ["FINISHED", "KILLED"])
def test_files_that_are_not_where_they_were_are_named(ended, tmp_path, store, status):
    tracker, run = ended
    run.finish(status)
    resumed = tracker.resume(run.id)
    (store / "artifacts").rename(store / "elsewhere")
    with pytest.raises(StoreUnreachableError, match=r"the files of run .* are not at .*artifacts\. Were they deleted"):
        stored_state(resumed, Checkpoint(tmp_path / "none.npz"), tracker.store, SimpleNamespace())
    (store / "elsewhere").rename(store / "artifacts")
    resumed.finish(status)
