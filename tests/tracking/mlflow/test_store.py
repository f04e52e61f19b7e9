"""A missing file is told from a store that is away, on a real database and on a real server."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST

from aeexp.errors import ConfigError, FileMissingError, RunNotFoundError, StoreUnreachableError, TrackingError
from aeexp.tracking.mlflow.database import database_file
from aeexp.tracking.mlflow.store import MlflowStore
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tracker import RunSpec
from tests.support.processes import Server


@pytest.fixture
def tracker(store, monkeypatch) -> MlflowTracker:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    tracker = MlflowTracker(uri=None, folder=str(store), experiment="aeexp", log_model=False)
    tracker.open()
    return tracker


def finished(tracker: MlflowTracker) -> str:
    run = tracker.begin(RunSpec("first", {}, texts={"weights/state.txt": "all of it"}))
    run.write_metrics({"val/loss": 0.5}, 1)
    run.finish("FINISHED")
    return run.id


def questions(store: MlflowStore, run_id: str, folder: Path) -> dict[str, Callable[[], object]]:
    return {
        "find": lambda: store.find(run_id),
        "find latest": lambda: store.find("latest"),
        "find registered": lambda: store.find("denoiser@champion"),
        "list": lambda: store.list(sort="val/loss"),
        "info": lambda: store.info(run_id),
        "history": lambda: store.metric_history(run_id),
        "file": lambda: store.read_file(run_id, "weights/state.txt", folder),
        "missing file": lambda: store.read_file(run_id, "weights/nothing.txt", folder),
        "direction": lambda: store.higher_is_better("val/loss"),
        "dead runs": store.end_dead_runs,
        "register": lambda: store.register(run_id, "denoiser", None),
    }


def assert_away(store: MlflowStore, run_id: str, folder: Path) -> None:
    for name, ask in questions(store, run_id, folder).items():
        with pytest.raises(StoreUnreachableError):
            pytest.fail(f"{name} gave {ask()}")


def test_a_database_that_is_gone_is_away_and_is_not_made_anew(tracker, tmp_path):
    run_id = finished(tracker)
    database = tmp_path / "mlruns" / "mlflow.db"
    database.rename(tmp_path / "elsewhere.db")
    assert_away(tracker.store, run_id, tmp_path)
    with pytest.raises(StoreUnreachableError, match=f"there is no tracking database at {database}; was it moved"):
        tracker.resume(run_id)
    assert not database.exists()


@pytest.mark.slow
def test_a_locked_database_is_away(tracker, tmp_path):
    """MLflow waits for twenty seconds."""
    run_id = finished(tracker)
    connection = sqlite3.connect(tmp_path / "mlruns" / "mlflow.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreUnreachableError, match="database is locked"):
            tracker.store.read_file(run_id, "weights/state.txt", tmp_path)
        with pytest.raises(StoreUnreachableError, match="database is locked"):
            tracker.resume(run_id)
    finally:
        connection.close()
    assert tracker.store.read_file(run_id, "weights/state.txt", tmp_path).read_text() == "all of it"
    assert tracker.store.info(run_id).status == "FINISHED"


def test_files_that_the_store_lists_but_does_not_give_are_not_missing(tracker, tmp_path, monkeypatch):
    """MLflow says the same of both."""
    run_id = finished(tracker)

    def fail(*_: object) -> None:
        raise MlflowException(
            "Failed to download artifacts, please ensure that the path is correct.", RESOURCE_DOES_NOT_EXIST
        )

    monkeypatch.setattr(MlflowClient, "download_artifacts", fail)
    with pytest.raises(StoreUnreachableError, match=f"lists the file weights/state.txt of run {run_id} but"):
        tracker.store.read_file(run_id, "weights/state.txt", tmp_path)
    with pytest.raises(FileMissingError):
        tracker.store.read_file(run_id, "weights/nothing.txt", tmp_path)


def test_conditions_are_written_in_the_language_of_mlflow(tracker):
    run_id = finished(tracker)
    assert [run.id for run in tracker.store.list("metrics.val/loss < 1 and attributes.status = 'FINISHED'")] == [run_id]
    assert tracker.store.list("metrics.val/loss > 1") == []
    for mistake in ("metrics.val/loss above 1", "psnr > 5", "params.seed = 0", "metrics.val/loss"):
        with pytest.raises(ConfigError, match=r"filter: it is not understood") as raised:
            tracker.store.list(mistake)
        assert "MLflow" not in str(raised.value)
        assert "Valid keys" not in str(raised.value)
        example = str(raised.value).split('"filter=')[1].removesuffix('".')
        assert tracker.store.list(example) == []  # it is understood
    with pytest.raises(TrackingError, match="refuses the request"):
        tracker.store.list(sort="val`loss")


def test_runs_of_others_are_listed_too(tracker):
    """Such as one whose data has no context, or that has no process."""
    client, experiment = tracker.store.client, tracker.store.experiment_id
    other = client.create_run(experiment, run_name="by hand")
    tracker.store.end_dead_runs()
    (run,) = tracker.store.list()
    assert (run.id, run.name, run.status, run.digests) == (other.info.run_id, "by hand", "RUNNING", {})


def test_an_experiment_that_nothing_was_recorded_in(tracker):
    with pytest.raises(RunNotFoundError, match="has no experiment named other"):
        MlflowStore(tracker.tracking_uri, "other").list()


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("sqlite:////data/mlflow.db", "/data/mlflow.db"),
        ("sqlite:///mlflow.db?timeout=3", "mlflow.db"),
        ("sqlite:////data/meine Läufe, (100%) 日本/mlflow.db", "/data/meine Läufe, (100%) 日本/mlflow.db"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("http://127.0.0.1:5000", None),
        ("postgresql://host/database", None),
    ],
)
def test_the_file_of_a_database(uri, file):
    assert database_file(uri) == (None if file is None else Path(file).absolute())


@pytest.mark.slow
def test_a_server_that_answers_and_then_dies(monkeypatch, tmp_path):
    server = Server(tmp_path)
    server.start()
    try:
        tracker = MlflowTracker(uri=server.uri, folder=str(tmp_path / "here"), experiment="aeexp", log_model=False)
        tracker.open()
        run_id = finished(tracker)
        assert tracker.store.read_file(run_id, "weights/state.txt", tmp_path).read_text() == "all of it"
        for name in ("weights/nothing.txt", "nowhere/state.txt", "nothing.txt"):
            with pytest.raises(FileMissingError, match=f"run {run_id} has no file {name}"):
                tracker.store.read_file(run_id, name, tmp_path)
        with pytest.raises(RunNotFoundError):
            tracker.store.read_file("0" * 32, "weights/state.txt", tmp_path)
        with pytest.raises(ConfigError, match="filter: it is not understood"):
            tracker.store.list("metrics.val/loss above 1")
    finally:
        server.kill()
    assert_away(tracker.store, run_id, tmp_path)
    with pytest.raises(StoreUnreachableError, match=f"the tracking store at {server.uri} does not answer"):
        tracker.resume(run_id)
