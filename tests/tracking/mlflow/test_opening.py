"""MLflow is opened, or what cannot be opened is named."""

import pytest
from omegaconf import OmegaConf

from aeexp.errors import ConfigError, StoreUnreachableError
from aeexp.tracking.mlflow.liveness import PROCESS
from aeexp.tracking.mlflow.opening import as_mlflow, open_mlflow
from aeexp.tracking.mlflow.tracker import MlflowTracker
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
    host = tracker.store.info(run.id).tags[PROCESS].split()[0]
    tracker.store.client.set_tag(run.id, PROCESS, f"{host} 1 0")
    assert open_mlflow(config(store), "keeps runs").store.info(run.id).status == "KILLED"


def test_another_tracker_is_refused():
    memory = OmegaConf.create({"_target_": "aeexp.tracking.memory.MemoryTracker"})
    with pytest.raises(
        ConfigError, match=r"tracking: only MLflow keeps runs\. Received a MemoryTracker; use tracking="
    ):
        open_mlflow(memory, "keeps runs")
    tracker = MlflowTracker(None, "/tmp", "aeexp", False)
    assert as_mlflow(tracker, "keeps runs") is tracker


@pytest.mark.parametrize(
    "uri",
    ["./mlruns", "nonsense", "sqlite:/one-slash.db", "postgresql://localhost:1/db", "http://", "http://127.0.0.1:1"],
)
def test_a_store_that_cannot_be_opened_is_named(tmp_path, uri):
    with pytest.raises(StoreUnreachableError, match=r"tracking: (cannot record runs|no MLflow server answers) at "):
        open_mlflow(config(tmp_path, uri), "keeps runs")


def test_an_experiment_that_was_deleted(store):
    runs = open_mlflow(config(store), "keeps runs").store
    runs.client.delete_experiment(runs.experiment_id)
    with pytest.raises(
        ConfigError, match=r"'aeexp' was deleted in MLflow\. Choose another name, or restore it: mlflow "
    ):
        open_mlflow(config(store), "keeps runs")


def test_a_place_that_cannot_be_written_to_is_named_at_once(tmp_path):
    (tmp_path / "file").write_text("")
    for folder, uri in ((tmp_path / "file", None), (tmp_path, f"sqlite:///{tmp_path}/file/sub/mlflow.db")):
        with pytest.raises(StoreUnreachableError, match=r"cannot record runs at sqlite:.*Name a server or database"):
            open_mlflow(config(folder, uri), "keeps runs")
