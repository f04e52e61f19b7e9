"""Each tracker writes to its own store, also where several are used in one process."""

import os

import mlflow
import pytest

from aeexp.tracking.mlflow.current_store import current_store
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tracker import RunSpec


@pytest.mark.parametrize("outside", [None, "http://127.0.0.1:1"])
def test_the_store_of_the_environment_comes_back(monkeypatch, tmp_path, outside):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    if outside:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", outside)
    with current_store(f"sqlite:///{tmp_path}/mlflow.db"):
        assert mlflow.get_tracking_uri() == f"sqlite:///{tmp_path}/mlflow.db"
    assert os.environ.get("MLFLOW_TRACKING_URI") == outside
    mlflow.set_tracking_uri(None)


def test_two_folders_in_one_process(monkeypatch, tmp_path):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    names = {}
    for name in ("first", "second"):
        tracker = MlflowTracker(uri=None, folder=str(tmp_path / name), experiment="aeexp", log_model=False)
        tracker.open()
        tracker.begin(RunSpec(name, {})).finish("FINISHED")
        names[name] = [run.name for run in tracker.store.list()]
    assert names == {"first": ["first"], "second": ["second"]}
