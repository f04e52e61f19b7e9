"""Direct reading of MLflow's database: what it gives is what MLflow's client gives."""

import math
import sqlite3
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Metric
from omegaconf import OmegaConf

from aeexp.errors import ConfigError
from aeexp.tracking.mlflow.reading import MLFLOW, read_history, read_runs
from aeexp.tracking.mlflow.sqlite import Database, local_database
from aeexp.tracking.tags import PROCESS_TAG
from tests.support.stores import database, tracker_of, unpack_old_store
from tests.support.trainings import NOISY_AND_VARIATIONAL


def node(store: Path, uri: str | None = None):
    return OmegaConf.create(
        {"_target_": MLFLOW, "uri": uri, "folder": str(store), "experiment": "aeexp", "log_model": True}
    )


@pytest.fixture
def client(store) -> mlflow.MlflowClient:
    tracker_of(store).open()
    return mlflow.MlflowClient(database(store))


@pytest.fixture
def experiment(client) -> str:
    return client.get_experiment_by_name("aeexp").experiment_id


def assert_the_same(store: Path) -> None:
    direct, through_mlflow = Database(store / "mlflow.db", "aeexp"), tracker_of(store).store
    assert direct.list() == through_mlflow.list()
    for run in direct.list():
        assert direct.metric_history(run.id) == through_mlflow.metric_history(run.id)


def test_an_older_store_is_read_as_by_mlflow(tmp_path):
    store = unpack_old_store(tmp_path)
    assert len(Database(store / "mlflow.db", "aeexp").list()) == 10
    assert_the_same(store)


def test_a_store_of_today_is_read_as_by_mlflow(trained_stores):
    assert_the_same(trained_stores.after(*NOISY_AND_VARIATIONAL))


def test_runs_without_metrics_deleted_runs_and_numbers_that_are_none(client, experiment, store):
    deleted, empty, odd = (client.create_run(experiment, run_name=name).info.run_id for name in ("x", "y", "z [a]\n"))
    client.delete_run(deleted)
    values = {"nan": math.nan, "inf": math.inf, "low": -math.inf}
    client.log_batch(odd, [Metric(name, value, 5, 3) for name, value in values.items()])
    by_id = {run.id: run for run in Database(store / "mlflow.db", "aeexp").list()}
    assert set(by_id) == {empty, odd}
    through_mlflow = {run.id: run for run in tracker_of(store).store.list()}
    assert by_id[empty] == through_mlflow[empty]
    assert by_id[empty].end is None
    assert math.isnan(by_id[odd].metrics["nan"])
    assert by_id[odd].metrics["inf"] == through_mlflow[odd].metrics["inf"]
    assert by_id[odd].metrics["low"] == through_mlflow[odd].metrics["low"]


def test_other_experiments_are_left_out(client, store):
    client.create_run(client.create_experiment("other"))
    assert Database(store / "mlflow.db", "aeexp").list() == []
    assert len(Database(store / "mlflow.db", "other").list()) == 1


def test_a_store_that_does_not_exist_has_no_runs_and_is_not_made(tmp_path):
    assert read_runs(node(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()


def test_a_deleted_experiment_is_said_to_be(client, experiment, store):
    client.delete_experiment(experiment)
    with pytest.raises(ConfigError, match="deleted"):
        read_runs(node(store))


def test_dead_runs_are_ended_once(client, experiment, store):
    run = client.create_run(experiment, tags={PROCESS_TAG: "elsewhere 1 0", "aeexp.beat": "0"}).info.run_id
    (read,) = read_runs(node(store))
    assert (read.id, read.status) == (run, "KILLED")
    assert client.get_run(run).info.status == "KILLED"
    assert read_history(node(store), run) == {}


def test_nothing_is_written(client, experiment, store):
    client.create_run(experiment)
    (store / "mlflow.db").chmod(0o444)
    store.chmod(0o555)
    try:
        assert len(read_runs(node(store))) == 1
    finally:
        store.chmod(0o755)


def test_a_file_that_is_no_database_is_left_to_mlflow(tmp_path):
    (tmp_path / "mlflow.db").write_text("no database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Database(tmp_path / "mlflow.db", "aeexp").list()


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("sqlite:////data/mlflow.db", "/data/mlflow.db"),
        (None, "/home/runs, (100%) 日本/mlflow.db"),
        ("sqlite:////data/mlflow.db?timeout=3", "/data/mlflow.db"),
        ("sqlite+pysqlite:////data/meine Läufe/mlflow.db", "/data/meine Läufe/mlflow.db"),
        ("sqlite:////data/a%20b/mlflow.db", None),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("http://127.0.0.1:5000", None),
        ("postgresql://host/database", None),
    ],
)
def test_the_file_of_an_address(monkeypatch, uri, file):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert local_database(uri, "/home/runs, (100%) 日本") == (None if file is None else Path(file))
    if uri is not None:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
        assert local_database(None, "/home") == local_database(uri, "/home")
