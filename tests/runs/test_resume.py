"""A training that was stopped goes on as if nothing had happened."""

import itertools
from dataclasses import replace

import keras
import numpy as np
import pytest

from aeexp.errors import DamagedRunError, RunBusyError, StoreUnreachableError
from aeexp.runs.experiment import Experiment
from aeexp.tracking.memory import MemoryStore
from aeexp.training import checkpoint as module
from aeexp.training.checkpoint import Checkpoint, TrainingState

STATE = TrainingState(
    history=[{"val/loss": 0.1 + 0.2}],
    weights=[np.arange(12.0, dtype=np.float32)] * 11,
    best_weights=[np.ones((2, 3), np.float32)],
    optimizer=[np.array(7), np.array(1e-3)],
)


SMALL = ("report=none", "baseline=none", "model=dense_ae")


class Killed(BaseException):
    """What no `except Exception` catches."""


class KillAfter(keras.callbacks.Callback):
    def __init__(self, epoch: int) -> None:
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        if epoch == self.epoch:
            raise Killed


@pytest.fixture(autouse=True)
def checkpoint_each_epoch(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_BETWEEN", 0.0)


@pytest.fixture
def stopped_and_straight(composed, monkeypatch):
    """The runs of an experiment trained in one go, and of the same one killed after some epochs and resumed."""

    def train(killed_after: int, *overrides: str):
        config = composed("report=none", "baseline=none", *overrides)
        straight, killed, again = (Experiment.from_config(config) for _ in range(3))
        straight.run()
        monkeypatch.setattr("aeexp.runs.experiment.ProgressBar", lambda *_: _Bar(killed_after))
        with pytest.raises(Killed):
            killed.run()
        monkeypatch.setattr("aeexp.runs.experiment.ProgressBar", lambda *_: _Bar(None))
        object.__setattr__(again, "tracker", killed.tracker)
        again.run(resumed=killed.tracker.store.find("latest", unfinished=True))
        return straight.tracker.runs[0], killed.tracker.runs[0]

    return train


class _Bar(KillAfter):
    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        pass


def _arrays(run, folder):
    (folder / "state.npz").write_bytes(run.files["weights/state.npz"])
    state = TrainingState.read(folder / "state.npz")
    return [*state.weights, *state.best_weights, *state.optimizer]


@pytest.mark.parametrize(
    ("killed_after", "overrides"),
    [
        (4, ["trainer.epochs=10", "corruption=noise"]),
        (1, ["trainer.epochs=5", "model=dense_vae", "loss=[mse,kl]", "loss.kl.warmup_epochs=4", "optimizer=rmsprop"]),
        (1, ["trainer.epochs=9", "model=dense_ae", "trainer.patience=1", "optimizer.learning_rate=0.3", "loss=mse"]),
    ],
    ids=["denoising", "warm-up", "patience"],
)
def test_ends_as_if_it_had_never_stopped(stopped_and_straight, killed_after, overrides, tmp_path):
    straight, resumed = stopped_and_straight(killed_after, *overrides)
    assert resumed.metrics == straight.metrics
    assert len(straight.metrics["val/loss"]) > 1
    for one, other in zip(_arrays(resumed, tmp_path), _arrays(straight, tmp_path), strict=True):
        np.testing.assert_array_equal(one, other)
    assert resumed.status == "FINISHED"


def test_a_finished_run_is_trained_for_longer(composed):
    first = Experiment.from_config(composed(*SMALL, "trainer.epochs=2"))
    first.run()
    longer = Experiment.from_config(composed(*SMALL, "trainer.epochs=4"))
    straight = Experiment.from_config(composed(*SMALL, "trainer.epochs=4"))
    object.__setattr__(longer, "tracker", first.tracker)
    longer.run(resumed=first.tracker.store.find("latest"))
    straight.run()
    assert first.tracker.runs[0].metrics["val/loss"] == straight.tracker.runs[0].metrics["val/loss"]


def test_no_checkpoint_outlives_its_run(composed, tmp_path):
    Experiment.from_config(composed(*SMALL, "trainer.epochs=2")).run()
    assert list((tmp_path / "checkpoints").iterdir()) == []


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


@pytest.fixture
def finished(composed):
    """A finished run, and what goes on with it under other overrides."""
    first = Experiment.from_config(composed("report=none", "baseline=none"))
    first.run()

    def longer(*overrides: str) -> Experiment:
        experiment = Experiment.from_config(composed("report=none", "baseline=none", "trainer.epochs=2", *overrides))
        object.__setattr__(experiment, "tracker", first.tracker)
        return experiment

    return first.tracker.runs[0], longer


@pytest.mark.parametrize("edited", [["optimizer=rmsprop"], ["model.latent_dim=3"]])
def test_what_does_not_fit_the_stored_state_is_refused_and_changes_nothing(finished, edited):
    run, longer = finished
    before = (run.status, dict(run.files), dict(run.metrics))
    with pytest.raises(DamagedRunError, match="stored state does not fit the network or the optimizer"):
        longer(*edited).run(resumed=run.id)
    assert (run.status, run.files, run.metrics) == before


def test_a_damaged_state_is_refused_and_changes_nothing(finished):
    run, longer = finished
    run.files["weights/state.npz"] = run.files["weights/state.npz"][:-200]
    before = (run.status, dict(run.files), dict(run.metrics))
    with pytest.raises(DamagedRunError, match=r"state\.npz' is damaged"):
        longer().run(resumed=run.id)
    assert (run.status, run.files, run.metrics) == before


def test_the_config_of_a_run_trained_for_longer_says_so(composed):
    short, longer = (Experiment.from_config(composed(*SMALL, f"trainer.epochs={epochs}")) for epochs in (1, 2))
    run_id = short.run().run_id
    object.__setattr__(longer, "tracker", short.tracker)
    longer.run(resumed=run_id)
    (run,) = short.tracker.runs
    assert len(run.metrics["val/loss"]) == 2
    assert run.files["config.yaml"].decode() == longer.spec.texts["config.yaml"]
    assert "epochs: 2" in longer.spec.texts["config.yaml"]


def test_a_store_that_is_away_is_not_taken_for_a_run_without_a_state(finished, monkeypatch):
    run, longer = finished

    def read_file(*_: object) -> None:
        raise StoreUnreachableError("the store does not answer")

    monkeypatch.setattr(MemoryStore, "read_file", read_file)
    before = (run.status, dict(run.files), dict(run.metrics))
    with pytest.raises(StoreUnreachableError):
        longer().run(resumed=run.id)
    assert (run.status, run.files, run.metrics) == before
