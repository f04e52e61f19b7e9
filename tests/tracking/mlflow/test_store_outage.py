"""The store is away in the middle of a run: the training goes on, and nothing is lost."""

import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Run

from tests.support.processes import Server, start

pytestmark = pytest.mark.slow

EPOCHS = 60
WORDS = (
    *(
        "dataset=shapes",
        "dataset.train_size=1000",
        "dataset.test_size=50",
        f"trainer.epochs={EPOCHS}",
        "model=dense_ae",
    ),
    *("probes=[0,1]", "report=reconstructions", "report.reconstructions.every=5", "baseline=none"),
)


ONE_STREAM = {"program": ("-u", "-m", "aeexp"), "stderr": subprocess.STDOUT}


def train(folder: Path, uri: str) -> subprocess.Popen[str]:
    places = (f"trainer.checkpoints={folder}/checkpoints", f"comparison.cache={folder}/cache")
    return start("train", *WORDS, *places, f"tracking.uri={uri}", f"tracking.folder={folder}", **ONE_STREAM)


def read_to(process: subprocess.Popen[str], words: str) -> None:
    for line in process.stdout or ():
        if words in line:
            return
    raise AssertionError(f"it ended without '{words}'")


def only_run(uri: str) -> Run:
    client = mlflow.MlflowClient(uri)
    (run,) = client.search_runs([client.get_experiment_by_name("aeexp").experiment_id])
    return run


def assert_complete(uri: str) -> None:
    """Every epoch once, every picture, the weights, the model, and the right status."""
    run, client = only_run(uri), mlflow.MlflowClient(uri)
    assert run.info.status == "FINISHED"
    for name in ("train/loss", "val/loss", "val/psnr"):
        assert [point.step for point in client.get_metric_history(run.info.run_id, name)] == list(range(1, EPOCHS + 1))
    artifacts = {folder: len(client.list_artifacts(run.info.run_id, folder)) for folder in ("images", "weights")}
    assert artifacts == {"images": 2 * (1 + EPOCHS // 5), "weights": 6}
    assert "test/psnr" in run.data.metrics
    assert len(run.outputs.model_outputs) == 1


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    (tmp_path / "server").mkdir()
    server.start()
    yield server
    server.kill()


def test_a_server_that_is_dead_for_thirty_seconds(server, tmp_path):
    process = train(tmp_path, server.uri)
    read_to(process, "epoch 2/")
    server.kill()
    read_to(process, f"epoch {EPOCHS // 2}/")  # meanwhile the training goes on
    time.sleep(30)
    server.start()
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0, out
    assert_complete(server.uri)
    assert not list(tmp_path.glob("outbox/*"))


def test_a_server_that_is_dead_for_good(server, tmp_path):
    process = train(tmp_path, server.uri)
    read_to(process, "epoch 2/")
    server.kill()
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 1
    assert out.count("the tracking store does not answer") == 1
    assert "error: the tracking store at" in out
    assert "`aeexp sync` sends it" in out
    assert "Traceback" not in out
    server.start()
    assert only_run(server.uri).info.status == "RUNNING"
    sync = start("sync", f"tracking.uri={server.uri}", f"tracking.folder={tmp_path}", **ONE_STREAM)
    out, _ = sync.communicate(timeout=300)
    assert sync.returncode == 0, out
    assert f"{only_run(server.uri).info.run_id}  complete" in out
    assert "oneDNN" not in out  # TensorFlow's greetings
    assert_complete(server.uri)
    assert not list(tmp_path.glob("outbox/*"))


def lock(database: Path, seconds: float) -> threading.Timer:
    """Lock a database as another process would that takes long to write."""
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(seconds, connection.close)
    release.start()
    return release


def test_a_database_that_is_locked_for_longer_than_mlflow_waits(tmp_path):
    process = train(tmp_path, f"sqlite:///{tmp_path}/mlflow.db")
    read_to(process, "epoch 2/")
    lock(tmp_path / "mlflow.db", 25)
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0, out
    assert "Traceback" not in out
    assert_complete(f"sqlite:///{tmp_path}/mlflow.db")


def test_a_database_that_is_locked_at_the_start(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    mlflow.MlflowClient(uri).search_experiments()
    release = lock(tmp_path / "mlflow.db", 25)
    out, _ = train(tmp_path, uri).communicate(timeout=300)
    release.join()
    assert "Traceback" not in out, out
    assert_complete(uri)
