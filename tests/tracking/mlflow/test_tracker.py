"""What MLflow alone has to record: data that two runs log at once, and what waits until the store takes it."""

import shutil

import pytest
import requests
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import BAD_REQUEST

from aeexp.errors import NotRecordedError, StoreUnreachableError, TrackingError
from aeexp.tracking.mlflow import errors, run, tracker
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tracker import DatasetSpec, RunSpec

SPEC = RunSpec("first", {"seed": 0}, datasets={"train": DatasetSpec("mnist", "digest", {}, {})})
CONFLICT = MlflowException("(sqlite3.IntegrityError) UNIQUE constraint failed: datasets.name", BAD_REQUEST)
AWAY = requests.ConnectionError("connection refused")


@pytest.fixture
def mlflow(empty_database, monkeypatch, tmp_path) -> MlflowTracker:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr(errors, "SECONDS_BETWEEN_RETRIES", 0.0)
    monkeypatch.setattr(run, "RETRY_TIMEOUT", 0.0)
    shutil.copy(empty_database, tmp_path / "mlflow.db")
    mlflow = MlflowTracker(uri=None, folder=str(tmp_path), experiment="aeexp", log_model=False)
    mlflow.open()
    return mlflow


def failing(monkeypatch, name: str, *raised: Exception) -> None:
    """Has a method of MLflow raise some errors before it does what it does."""
    method, left = getattr(MlflowClient, name), list(raised)

    def call(*arguments: object, **options: object) -> object:
        if left:
            raise left.pop(0)
        return method(*arguments, **options)

    monkeypatch.setattr(MlflowClient, name, call)


def test_data_that_another_run_logs_at_the_same_time(mlflow, monkeypatch):
    failing(monkeypatch, "log_inputs", CONFLICT, AWAY, CONFLICT)
    begun = mlflow.begin(SPEC)
    begun.finish("FINISHED")
    assert mlflow.store.info(begun.id).digests == {"train": "digest"}


def test_a_run_does_not_begin_while_the_store_is_away(mlflow, monkeypatch):
    monkeypatch.setattr(tracker, "RETRY_TIMEOUT", 0.0)
    failing(monkeypatch, "create_run", AWAY)
    with pytest.raises(StoreUnreachableError, match="does not answer"):
        mlflow.begin(SPEC)


def test_what_the_store_refuses_ends_the_run_and_waits_beside_it(mlflow, tmp_path):
    with pytest.raises(TrackingError, match="refuses to record metrics of run"), mlflow.record(SPEC) as begun:
        begun.write_metrics({"what? a name!": 1.0}, 1)
    assert mlflow.store.info(begun.id).status == "FAILED"
    (entry,) = (tmp_path / "outbox" / begun.id).glob("*.refused/entry.json")
    assert "what? a name!" in entry.read_text()


def test_what_waits_is_sent_later_but_for_what_is_refused(mlflow, monkeypatch, tmp_path):
    with monkeypatch.context() as patch:
        begun = mlflow.begin(SPEC)
        failing(patch, "log_batch", *[AWAY] * 9)
        begun.write_metrics({"val/loss": 0.5}, 1)
        begun.write_metrics({"what?": 0.5}, 1)
        begun.write_metrics({"what else?": 0.5}, 1)
        with pytest.raises(NotRecordedError, match=r"`aeexp sync` sends it"):
            begun.finish("FINISHED")
        assert list(mlflow.sync()) == [(begun.id, "still waiting: the store does not answer")]
        failing(patch, "get_run", AWAY)
        assert list(mlflow.sync()) == [(begun.id, "still waiting: the store does not answer")]
    assert mlflow.store.info(begun.id).status == "RUNNING"
    outbox = tmp_path / "outbox" / begun.id
    assert list(mlflow.sync()) == [(begun.id, f"complete but for what the store refused, in {outbox}")]
    assert mlflow.store.info(begun.id).status == "FINISHED"
    assert mlflow.store.metric_history(begun.id) == {"val/loss": {1: 0.5}}
    assert len(list(outbox.glob("*.refused"))) == 2


def test_what_becomes_of_the_runs_that_left_something(mlflow, tmp_path):
    assert list(mlflow.sync()) == []
    begun = mlflow.begin(SPEC)
    (tmp_path / "outbox" / ("0" * 32)).mkdir()
    (unknown, elsewhere), (at_work, busy) = mlflow.sync()
    assert (unknown, at_work, busy) == ("0" * 32, begun.id, "still at work")
    assert "name the store it was begun in by tracking.uri" in elsewhere
    begun.finish("FINISHED")
