"""A training that was stopped goes on as if nothing had happened."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from aeexp.errors import DamagedRunError, StoreUnreachableError
from aeexp.runs.experiment import Experiment
from aeexp.tracking.memory import MemoryStore
from aeexp.training.checkpoint import TrainingState
from tests.support.trainings import SHAPES, composer

VARIATIONAL = ("model=conv_vae", "model.latent_dim=3", "loss=[mse,kl]")
SMALL = (*SHAPES, "report=none", "baseline=none")
WITH_PRIOR = ("model=vamp_vae", "model.architecture.units=[16]", "model.prior.pseudo_inputs=3")
"""Of weights of its own."""

TERMS = ("loss=[gaussian,kl,mmd]", "loss.kl.capacity=2", "loss.kl.capacity_epochs=4")
"""With a learned number, one that rises over the epochs, and draws from the prior."""

SCHEDULED = ("model=dense_ae", "model.architecture.units=[16]")
DROPS = ("schedule.patience=1", "optimizer.learning_rate=0.05", "loss=mse")
"""So high a rate that the loss soon stands still."""


class Killed(BaseException):
    """What no `except Exception` catches."""


class KillAfter(keras.callbacks.Callback):
    """Stands in the place of the progress bar."""

    def __init__(self, epoch: int | None) -> None:
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        if epoch == self.epoch:
            raise Killed

    def __enter__(self) -> "KillAfter":
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def checkpoint_each_epoch(monkeypatch):
    monkeypatch.setattr("aeexp.training.checkpoint.SECONDS_BETWEEN", 0.0)


@pytest.fixture
def stopped_and_straight(composed, monkeypatch):
    """The runs of an experiment trained in one go, and of the same one killed after some epochs and resumed."""

    def train(killed_after: int, *overrides: str):
        config = composed(*SMALL, *overrides)
        straight, killed, again = (Experiment.from_config(config) for _ in range(3))
        straight.run()
        monkeypatch.setattr("aeexp.runs.experiment.progress_display", lambda: lambda *_: KillAfter(killed_after))
        with pytest.raises(Killed):
            killed.run()
        monkeypatch.setattr("aeexp.runs.experiment.progress_display", lambda: lambda *_: KillAfter(None))
        replace(again, tracker=killed.tracker).run(resumed=killed.tracker.store.find("latest", unfinished=True))
        return straight.tracker.runs[0], killed.tracker.runs[0]

    return train


def arrays(run, folder):
    (folder / "state.npz").write_bytes(run.files["weights/state.npz"])
    state = TrainingState.read(folder / "state.npz")
    return [*state.weights, *state.best_weights, *state.optimizer]


@pytest.mark.parametrize(
    ("killed_after", "overrides"),
    [
        (4, ["trainer.epochs=10", "corruption=noise"]),
        (1, [*WITH_PRIOR, "trainer.epochs=5", *TERMS, "loss.kl.warmup_epochs=4", "optimizer=rmsprop"]),
        (1, ["trainer.epochs=9", "model=dense_ae", "trainer.patience=1", "optimizer.learning_rate=0.3", "loss=mse"]),
        (1, [*SCHEDULED, "trainer.epochs=4", "schedule=cosine", "schedule.warmup_epochs=2"]),
        (1, ["trainer.epochs=4", "model=vq_vae", "model.bottleneck.codes=8", "metric=[psnr,perplexity]"]),
        (5, [*SCHEDULED, "trainer.epochs=7", "schedule=plateau", "schedule.warmup_epochs=1", *DROPS]),
    ],
    ids=["denoising", "warm-up and prior", "patience", "warm-up of the learning rate", "codebook", "plateau"],
)
def test_ends_as_if_it_had_never_stopped(stopped_and_straight, killed_after, overrides, tmp_path):
    straight, resumed = stopped_and_straight(killed_after, *overrides)
    assert resumed.metrics == straight.metrics
    assert len(straight.metrics["val/loss"]) > 1
    if "schedule=plateau" in overrides:
        rates = straight.metrics["learning_rate"]
        assert rates[killed_after] < rates[1]
    for one, other in zip(arrays(resumed, tmp_path), arrays(straight, tmp_path), strict=True):
        np.testing.assert_array_equal(one, other)
    assert resumed.status == "FINISHED"
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_a_finished_run_is_trained_for_longer_and_its_config_says_so(composed):
    short, longer, straight = (
        Experiment.from_config(composed(*SMALL, "model=dense_ae", f"trainer.epochs={epochs}")) for epochs in (2, 4, 4)
    )
    run_id = short.run().run_id
    replace(longer, tracker=short.tracker).run(resumed=run_id)
    straight.run()
    (run,) = short.tracker.runs
    assert run.metrics["val/loss"] == straight.tracker.runs[0].metrics["val/loss"]
    assert len(run.metrics["val/loss"]) == 4
    assert run.files["config.yaml"].decode() == longer.spec.texts["config.yaml"]
    assert "epochs: 4" in longer.spec.texts["config.yaml"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A finished experiment."""
    experiment = Experiment.from_config(composer(tmp_path_factory.mktemp("trained"))(*SMALL))
    experiment.run()
    return experiment


@pytest.fixture
def finished(trained, composed):
    """The run of the experiment, for a test to damage, and what goes on with it under other overrides."""
    (run,) = trained.tracker.runs
    before = dict(run.files)

    def longer(*overrides: str) -> Experiment:
        config = composed(*SMALL, "trainer.epochs=2", *overrides)
        return replace(Experiment.from_config(config), tracker=trained.tracker)

    yield run, longer
    run.files.update(before)


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


def test_a_store_that_is_away_is_not_taken_for_a_run_without_a_state(finished, monkeypatch):
    run, longer = finished

    def read_file(*_: object) -> None:
        raise StoreUnreachableError("the store does not answer")

    monkeypatch.setattr(MemoryStore, "read_file", read_file)
    before = (run.status, dict(run.files), dict(run.metrics))
    with pytest.raises(StoreUnreachableError):
        longer().run(resumed=run.id)
    assert (run.status, run.files, run.metrics) == before
