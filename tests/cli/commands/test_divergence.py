"""A training that diverges keeps what was good until then, and goes on from it with other settings."""

import re
from pathlib import Path

import mlflow
import numpy as np
import pytest
import yaml

from aeexp.training.checkpoint import TrainingState
from tests.support.stores import copy_store, database, files_of, folder_of, recorded
from tests.support.trainings import BARE, DENOISER, SHAPES, TINY

FRAGILE = """
from dataclasses import dataclass
from pathlib import Path
from aeexp.losses.bce import Bce

@dataclass(frozen=True, kw_only=True)
class Fragile(Bce):
    until: int

    def weight_at(self, epoch):
        return self.weight if epoch < self.until or Path("cured").exists() else float("nan")
"""
OWN = ("~loss.bce", "+loss.fragile._target_=fragile_loss.Fragile", "+loss.fragile.weight=1.0")
FEW = (
    *TINY,
    *BARE,
    *SHAPES,
    "report=[loss_curves,reconstructions]",
    "trainer.epochs=4",
    "optimizer.learning_rate=0.01",
)


@pytest.fixture
def diverges(aeexp, store):
    """Trains until the loss is no longer a number."""
    (store.parent / "fragile_loss.py").write_text(FRAGILE)

    def train(until: int, *words: str):
        return aeexp("train", *FEW, *OWN, f"+loss.fragile.until={until}", *words)

    return train


def test_the_best_weights_history_and_figures_are_kept_and_a_cure_goes_on_from_them(aeexp, diverges, store):
    ended = diverges(2)
    (run,) = recorded(store)
    again = f"aeexp resume run={run.info.run_id[:8]} optimizer.learning_rate=0.001"
    assert (ended.code, run.info.status) == (1, "FAILED")
    assert "train/loss became nan in epoch 3" in ended.err
    assert again in ended.err
    assert ended.err.count("\n") == 1
    assert {"weights/best.weights.h5", "figures/loss_curves.png", "figures/reconstructions.png"} <= files_of(run)
    state = TrainingState.read(folder_of(run) / "weights" / "state.npz")
    assert len(state.history) == 2
    assert all(np.isfinite(each).all() for each in (*state.weights, *state.optimizer))
    assert list((store / "checkpoints").glob("*.npz")) == []
    own = ("allow=[fragile_loss]", "tracking.log_model=false")
    assert aeexp("encode", f"run={run.info.run_id}", "output=codes.npz", own[0]).code == 0
    Path("cured").touch()
    resumed = aeexp(*again.split()[1:], *own)
    assert resumed.code == 0, resumed.err
    assert "goes on with optimizer.learning_rate 0.01 -> 0.001; recorded" in resumed.out
    assert "epoch 3/4" in resumed.out
    assert "epoch 2/4" not in resumed.out
    (run,) = recorded(store)
    assert run.info.status == "FINISHED"
    assert run.data.tags["aeexp.changed"] == "after epoch 2: optimizer.learning_rate 0.01 -> 0.001"
    assert yaml.safe_load((folder_of(run) / "config.yaml").read_text())["optimizer"]["learning_rate"] == 0.001
    history = mlflow.MlflowClient(database(store)).get_metric_history(run.info.run_id, "val/loss")
    assert [point.step for point in history] == [1, 2, 3, 4]
    rate = TrainingState.read(folder_of(run) / "weights" / "state.npz").optimizer[1]
    assert rate == pytest.approx(0.001)


def test_one_that_diverges_at_once_begins_again_with_other_settings(aeexp, diverges, store):
    again = re.search(r"aeexp resume (run=\w+ optimizer.learning_rate=\S+)", diverges(0).err)
    Path("cured").touch()
    ended = aeexp("resume", *again[1].split(), "allow=[fragile_loss]", "trainer.epochs=1", "tracking.log_model=false")
    assert ended.code == 0, ended.err
    (run,) = recorded(store)
    assert "trainer.epochs 4 -> 1" in run.data.tags["aeexp.changed"]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["+model.latent_dim=3"], "model: a run goes on with its own model"),
        (["model.latent_dim=3"], "model.latent_dim: a run goes on with its own model"),
        (["dataset=fashion_mnist"], "dataset: a run goes on with its own dataset"),
        (["corruption.noise.std=1"], "corruption.noise.std: a run goes on with its own corruption"),
        (["+dataset.limit=3"], "dataset: a run goes on with its own dataset"),
        (["+corruption.noise.std=1"], "corruption: a run goes on with its own corruption"),
        (["optimizer.rho=0.5"], "optimizer.rho: no such field"),
        (["optimizer.learning_rate=-0.1"], "`learning_rate` must be above 0"),
        (["trainer.monitor=val/psnr", "trainer.mode=min"], "higher values of val/psnr are better"),
    ],
)
def test_what_would_make_it_another_run_is_refused(aeexp, trained_stores, store, words, hint):
    copy_store(trained_stores.after(DENOISER), store)
    ended = aeexp("resume", "run=latest", "trainer.epochs=2", *words)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert hint in ended.err
    assert [run.info.status for run in recorded(store)] == ["FINISHED"]
