"""`aeexp train` from the command line to MLflow, on a few real digits."""

import errno
import itertools
import os
import re
import signal
from pathlib import Path

import mlflow
import numpy as np
import pytest
import tensorflow as tf
from omegaconf import OmegaConf

from aeexp.datasets.mnist import Mnist
from aeexp.tracking.mlflow.current_store import current_store
from aeexp.training.checkpoint import TrainingState
from tests.support.stores import count_runs, database, files_of, folder_of, recorded
from tests.support.trainings import BARE, SHAPES, TINY


@pytest.fixture(scope="module")
def one(trained_stores):
    """A finished run of two epochs, in the store that MLflow now takes."""
    words = ("trainer.epochs=2", "corruption=noise", "model.latent_dim=8", "report.reconstructions.every=1")
    store = trained_stores.after(("train", *TINY, *words))
    with current_store(database(store)):
        yield recorded(store)[0]


def test_run_is_finished_and_named_after_what_was_overridden(one):
    assert one.info.status == "FINISHED"
    assert "corruption=noise model.latent_dim=8" in one.info.run_name
    assert "aeexp train dataset.limit=40 trainer.epochs=1" in one.data.tags["mlflow.source.name"]


def test_params_are_the_choices_and_their_settings(one):
    params = one.data.params
    assert (params["model"], params["dataset"], params["corruption"]) == ("conv_ae", "mnist", "noise")
    assert params["model.latent_dim"] == "8"
    assert params["corruption.noise.std"] == "0.5"
    assert params["trainer.epochs"] == "2"
    assert params["loss.bce.weight"] == "1.0"
    assert params["report.reconstructions.every"] == "1"
    assert not [name for name in params if name.endswith("_target_") or name.startswith(("tracking", "baseline"))]


def test_a_file_says_the_same_wherever_the_run_is_stored(one):
    config = OmegaConf.load(folder_of(one) / "config.yaml")
    assert not {"tracking", "launch", "sweep", "home"} & set(config)
    assert not {"threads", "checkpoints"} & set(config.trainer)
    assert "cache" not in config.comparison


def test_metrics_of_each_epoch_and_of_the_end(one):
    client = mlflow.MlflowClient()
    for name in ("train/loss", "train/bce", "train/loss_bce", "val/loss", "val/bce", "val/psnr", "val/ssim"):
        assert [point.step for point in client.get_metric_history(one.info.run_id, name)] == [1, 2], name
    metrics = one.data.metrics
    assert metrics["val/loss"] == pytest.approx(784 * metrics["val/bce"], rel=1e-5)
    assert {"test/bce", "test/mse", "test/psnr", "test/ssim"} <= set(metrics)
    assert metrics["test/bce"] != metrics["val/bce"], "other images"


def test_everything_that_repeats_the_run_is_kept(one):
    files = files_of(one)
    assert {"config.yaml", "overrides.yaml", "environment.json", "model_summary.txt"} <= files
    assert {"weights/best.weights.h5", "weights/last.weights.h5"} <= files
    assert {f"figures/{name}.png" for name in ("reconstructions", "latent_scatter", "loss_curves")} <= files
    assert "- model.latent_dim=8" in (folder_of(one) / "overrides.yaml").read_text()


def test_there_are_pictures_of_each_epoch(one):
    steps = {
        re.search(r"step[^0-9]+(\d+)", name)[1] for name in files_of(one) if name.startswith("images/reconstructions")
    }
    assert steps == {"1", "2"}


def test_data_set_is_logged_with_its_digest(one):
    inputs = {each.tags[0].value: each.dataset for each in one.inputs.dataset_inputs}
    assert set(inputs) == {"train", "validation", "test"}
    assert inputs["train"].name == "mnist"
    assert len(inputs["train"].digest) == 32
    assert len({each.digest for each in inputs.values()}) == 3
    assert one.data.tags["protocol"] == "validation is held out: 40 images"


def test_the_commit_of_the_code_is_recorded(one):
    tags = one.data.tags
    assert len(tags["mlflow.source.git.commit"]) == 40
    assert tags["git.dirty"] in ("true", "false")


def test_model_loads_and_restores_images(one):
    (output,) = one.outputs.model_outputs
    model = mlflow.pyfunc.load_model(f"models:/{output.model_id}")
    digits = (Mnist(limit=3).load("test").images / 255).astype(np.float32)
    assert model.metadata.signature.inputs.inputs[0].shape == (-1, 28, 28, 1)
    restored = model.predict(digits)
    assert restored.shape == digits.shape
    assert 0 <= restored.min() <= restored.max() <= 1


def test_experiment_opens_as_model_training(one):
    tags = mlflow.MlflowClient().get_experiment(one.info.experiment_id).tags
    assert tags["mlflow.experimentKind"] == "custom_model_development"


def test_divergence_fails_the_run_with_a_clear_line(aeexp, store):
    ended = aeexp("train", *TINY, *BARE[:3], "optimizer.learning_rate=1e30", "loss=mse")
    assert ended.code == 1
    assert ended.err.startswith("error: ")
    assert "lower optimizer.learning_rate" in ended.err
    (run,) = recorded(store)
    assert run.info.status == "FAILED"
    assert "DivergenceError" in (folder_of(run) / "traceback.txt").read_text()


def test_a_batch_without_memory_fails_the_run_with_a_clear_line(aeexp, store, monkeypatch):
    def out_of_memory(*_: object) -> None:
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    monkeypatch.setattr("aeexp.training.step.TrainStep.compiled", lambda _: out_of_memory)
    ended = aeexp("train", *TINY, *BARE, *SHAPES)
    assert (ended.code, ended.out[:9]) == (1, "training ")
    assert ended.err == "error: a batch of 16 needs more memory than there is; try trainer.batch_size=8.\n"
    (run,) = recorded(store)
    assert run.info.status == "FAILED"
    assert {"config.yaml", "traceback.txt"} <= files_of(run)


def test_an_interrupt_ends_the_run_as_killed(aeexp, store, monkeypatch):
    def interrupted(*_: object) -> dict[str, tf.Tensor]:
        os.kill(os.getpid(), signal.SIGINT)
        return {"loss": tf.constant(1.0)}

    monkeypatch.setattr("aeexp.training.step.TrainStep.compiled", lambda _: interrupted)
    ended = aeexp("train", *TINY, *BARE, *SHAPES)
    (run,) = recorded(store)
    assert ended.code == 130
    assert ended.err.startswith(f"interrupted; aeexp resume run={run.info.run_id[:8]}")
    assert run.info.status == "KILLED"


def test_a_disk_too_full_for_checkpoints_ends_no_training(aeexp, store, monkeypatch):
    monkeypatch.setattr("aeexp.training.checkpoint.SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr("aeexp.training.checkpoint.TrainingState.write", full_where_checkpoints_are)
    ended = aeexp("train", *TINY, *BARE, *SHAPES)
    assert ended.code == 0
    assert f"WARNING: the checkpoint {store}/checkpoints/" in ended.err
    assert "could not be written ([Errno 28] No space left on device); the training goes on" in ended.err
    assert recorded(store)[0].info.status == "FINISHED"
    assert list((store / "checkpoints").iterdir()) == []


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_where_checkpoints_are(state: TrainingState, path: Path) -> None:
    full() if path.parent.name == "checkpoints" else write(state, path)


write = TrainingState.write


def test_a_full_disk_is_said_in_a_line_and_the_training_can_go_on(aeexp, store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aeexp.tracking.mlflow.run.MlflowRun.write_metrics", full)
        ended = aeexp("train", *TINY, *BARE, *SHAPES)
    assert ended.code == 2
    assert ended.err.startswith("error: the disk is full; make room. aeexp resume run=")
    assert aeexp("resume", "run=latest", "tracking.log_model=false").code == 0
    (run,) = recorded(store)
    assert run.info.status == "FINISHED"
    assert "test/psnr" in run.data.metrics


def test_a_clock_going_backwards_disturbs_no_training(aeexp, store, monkeypatch):
    seconds = itertools.count(2_000_000_000, -1)
    monkeypatch.setattr("time.time", lambda: float(next(seconds)))
    ended = aeexp("train", *TINY, *BARE, *SHAPES, "trainer.epochs=2")
    assert ended.code == 0
    first, last, next_step = ended.out.partition("epoch 1/2")[2].splitlines()[:3]
    assert first.endswith(" s left")
    assert last.endswith(" images/s")
    assert next_step == "evaluating the test images"  # and no report is drawn
    assert aeexp("resume", "run=latest", "trainer.epochs=3", "tracking.log_model=false").code == 0
    (run,) = recorded(store)
    assert run.info.status == "FINISHED"
    history = mlflow.MlflowClient(database(store)).get_metric_history(run.info.run_id, "val/loss")
    losses = {point.step: point.value for point in history}
    assert sorted(losses) == [1, 2, 3]
    assert run.data.metrics["val/loss"] == losses[3]


def test_images_of_one_class_suffice_for_all_reports(aeexp, store, tmp_path):
    """Some reports tell classes apart."""
    images = Mnist(limit=40).load("train").images
    np.savez(tmp_path / "sevens.npz", images=images, labels=np.full(40, 7))
    half = ("dataset.test_fraction=0.5", f"dataset.path={tmp_path}/sevens.npz")
    words = ("dataset=arrays", *half, "probes=[0]", "tracking.log_model=false")
    ended = aeexp("train", *TINY, "baseline=none", *words)
    assert (ended.code, ended.err) == (0, "")
    (run,) = recorded(store)
    assert run.info.status == "FINISHED"
    assert "figures/latent_scatter.png" in files_of(run)


def test_environment_variable_names_the_store(aeexp, store, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{elsewhere}/mlflow.db")
    assert aeexp("train", *TINY, *BARE, *SHAPES).code == 0
    assert count_runs(store) == 0
    assert len(recorded(elsewhere)) == 1
