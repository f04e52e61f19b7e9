"""The state that a killed training goes on from: read as it was written, or refused."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import DamagedRunError, RunBusyError
from aeexp.training import checkpoint as module
from aeexp.training.checkpoint import Checkpoint, TrainingState

STATE = TrainingState(
    history=[{"val/loss": 0.1 + 0.2}],
    weights=[np.arange(12.0, dtype=np.float32)] * 11,
    best_weights=[np.ones((2, 3), np.float32)],
    optimizer=[np.array(7), np.array(1e-3)],
)


@pytest.fixture(autouse=True)
def checkpoint_each_epoch(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_BETWEEN", 0.0)


def test_state_is_read_as_it_was_written(tmp_path):
    STATE.write(tmp_path / "state.npz")
    found = TrainingState.read(tmp_path / "state.npz")
    assert found.history == STATE.history
    for name in ("weights", "best_weights", "optimizer"):
        for one, other in zip(getattr(found, name), getattr(STATE, name), strict=True):
            np.testing.assert_array_equal(one, other)
            assert one.dtype == other.dtype


@pytest.mark.parametrize("place", range(0, 3000, 97))
def test_no_damaged_file_is_taken_for_a_good_one(tmp_path, place):
    path = tmp_path / "state.npz"
    STATE.write(path)
    content = bytearray(path.read_bytes())
    path.write_bytes(content[: min(place, len(content) - 1)])
    with pytest.raises(DamagedRunError, match=r"state\.npz' is damaged"):
        TrainingState.read(path)


def _without_history(path):
    np.savez(path, weights_0=np.zeros(2))


def _with_history_of_another_kind(path):
    np.savez(path, history=np.frombuffer(b"no JSON", np.uint8))


@pytest.mark.parametrize(
    "write", [lambda path: path.write_text("a text"), _without_history, _with_history_of_another_kind]
)
def test_no_other_file_is_taken_for_a_state(tmp_path, write):
    write(tmp_path / "state.npz")
    with pytest.raises(DamagedRunError, match=r"state\.npz' is damaged"):
        TrainingState.read(tmp_path / "state.npz")


def test_a_changed_number_is_noticed(tmp_path):
    path = tmp_path / "state.npz"
    STATE.write(path)
    content = path.read_bytes()
    place = content.index(np.float32(11.0).tobytes())
    path.write_bytes(content[:place] + np.float32(12.0).tobytes() + content[place + 4 :])
    with pytest.raises(DamagedRunError, match="damaged"):
        TrainingState.read(path)


def test_an_interrupted_write_leaves_the_older_state(tmp_path, monkeypatch):
    path = tmp_path / "state.npz"
    STATE.write(path)
    before = path.read_bytes()
    monkeypatch.setattr(module.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        replace(STATE, history=[]).write(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_does_not_end_the_training(tmp_path, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(module.logging, "warning", lambda text, *words: said.append(text % words))
    monkeypatch.setattr(module.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with Checkpoint(tmp_path / "run.npz") as checkpoint:
        checkpoint.keep(lambda: STATE)
    assert "No space left on device" in said[0]
    assert "the training goes on" in said[0]


def test_one_process_at_a_time(tmp_path):
    with Checkpoint(tmp_path / "run.npz"), pytest.raises(RunBusyError, match="run is being trained by another process"):
        Checkpoint(tmp_path / "run.npz").__enter__()


def test_what_a_kill_left_half_written_is_deleted(tmp_path):
    (tmp_path / ".run.123.part.npz").write_bytes(b"half")
    (tmp_path / ".other.123.part.npz").write_bytes(b"half")
    with Checkpoint(tmp_path / "run.npz"):
        assert [path.name for path in tmp_path.glob("*.npz")] == [".other.123.part.npz"]


def test_a_clock_going_backwards_changes_nothing(tmp_path, monkeypatch):
    hours = itertools.count(1_000_000, -1)
    monkeypatch.setattr("time.time", lambda: 3600.0 * next(hours))
    with Checkpoint(tmp_path / "run.npz") as checkpoint:
        checkpoint.keep(lambda: STATE)
        assert checkpoint.read() is not None


def test_is_not_written_more_often_than_is_worth_it(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SECONDS_BETWEEN", 10.0)
    monkeypatch.setattr("time.monotonic", iter([0.0, 3.0, 9.0, 11.0, 11.0, 20.0, 22.0, 22.0]).__next__)
    states = iter([STATE] * 5)
    with Checkpoint(tmp_path / "run.npz") as checkpoint:
        for _ in range(5):  # after 3, 9, 11, 20 and 22 seconds
            checkpoint.keep(lambda: next(states))
    assert len(list(states)) == 3
