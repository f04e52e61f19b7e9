"""MLflow is opened, or what cannot be opened is named."""

import os
import re
import shlex
import subprocess
import sys

import pytest
from omegaconf import OmegaConf

from aeexp.errors import ConfigError, StoreUnreachableError
from aeexp.tracking.mlflow.opening import as_mlflow, open_mlflow
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tags import PROCESS_TAG
from aeexp.tracking.tracker import RunSpec


def config(folder, uri=None):
    target = "aeexp.tracking.mlflow.tracker.MlflowTracker"
    return OmegaConf.create(
        {"_target_": target, "uri": uri, "folder": str(folder), "experiment": "aeexp", "log_model": False}
    )


def test_opens_the_tracker_and_ends_dead_runs(store):
    tracker = open_mlflow(config(store), "keeps runs")
    run = tracker.begin(RunSpec("dead", {}))
    assert open_mlflow(config(store), "keeps runs").store.info(run.id).status == "RUNNING"
    host = tracker.store.info(run.id).tags[PROCESS_TAG].split()[0]
    tracker.store.client.set_tag(run.id, PROCESS_TAG, f"{host} 1 0")
    assert open_mlflow(config(store), "keeps runs").store.info(run.id).status == "KILLED"


def test_another_tracker_is_refused():
    memory = OmegaConf.create({"_target_": "aeexp.tracking.memory.MemoryTracker"})
    with pytest.raises(
        ConfigError, match=r"tracking: only MLflow keeps runs\. Received a MemoryTracker; use tracking="
    ):
        open_mlflow(memory, "keeps runs")
    tracker = MlflowTracker(None, "/tmp", "aeexp", False)
    assert as_mlflow(tracker, "keeps runs") is tracker


def test_a_store_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(StoreUnreachableError, match=r"tracking: no MLflow server answers at http://127.0.0.1:1 "):
        open_mlflow(config(tmp_path, "http://127.0.0.1:1"), "keeps runs")


@pytest.mark.parametrize("to_write", [False, True])
def test_an_experiment_that_was_deleted(store, to_write):
    runs = open_mlflow(config(store), "keeps runs").store
    runs.client.delete_experiment(runs.experiment_id)
    with pytest.raises(ConfigError, match=r"'aeexp' was deleted in MLflow\. Restore it with all its runs: ") as raised:
        open_mlflow(config(store), "keeps runs", to_write=to_write)
    command = re.search(
        r"(MLFLOW_TRACKING_URI=\S+ )mlflow (experiments restore --experiment-id \d+)", str(raised.value)
    )
    environment = {**os.environ, "MLFLOW_TRACKING_URI": shlex.split(command[1])[0].partition("=")[2]}
    subprocess.run([sys.executable, "-m", "mlflow", *command[2].split()], env=environment, check=True)
    assert open_mlflow(config(store), "keeps runs", to_write=to_write).store.list() == []


def test_a_read_only_store_is_read_and_not_written_to(store, tmp_path, monkeypatch):
    tracker = open_mlflow(config(store), "keeps runs")
    run = tracker.begin(RunSpec("run", {}, texts={"a.txt": "text"}))
    run.finish("FINISHED")
    moved = store.rename(tmp_path / "archive #1")
    before = {path: path.read_bytes() for path in moved.rglob("*") if path.is_file()}
    writable = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: writable(path, mode) and not (mode == os.W_OK and moved.name in str(path))
    )
    runs = open_mlflow(config(moved), "keeps runs", to_write=False).store
    assert [each.id for each in runs.list()] == [run.id]
    assert runs.read_file(run.id, "a.txt", tmp_path).read_text() == "text"
    with pytest.raises(StoreUnreachableError, match=r"the store in .*archive #1 is read-only; make it writable, or ch"):
        open_mlflow(config(moved), "keeps runs")
    assert {path: path.read_bytes() for path in moved.rglob("*") if path.is_file()} == before


def test_a_place_that_cannot_be_written_to_is_named_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    for folder, uri in ((tmp_path / "file", None), (tmp_path, f"sqlite:///{tmp_path}/file/sub/mlflow.db")):
        with pytest.raises(StoreUnreachableError, match=r"cannot record runs at sqlite:.*Name a server or database"):
            open_mlflow(config(folder, uri), "keeps runs")
