"""Sweeps in several processes: against an undisturbed one, killed, interrupted, and over HTTP."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import mlflow
import pandas as pd
import psutil
import pytest

from tests.support.processes import Server, kill_tree, start
from tests.support.trainings import BARE, TINY

pytestmark = pytest.mark.slow

WORDS = (
    *(*TINY, *BARE, "trainer.epochs=3"),
    *("model.latent_dim=2,4,8", "seed=0,1", "launch=parallel", "launch.jobs=2"),
)


def begin(uri: str, store: Path, *words: str) -> subprocess.Popen[str]:
    places = (f"tracking.uri={uri}", f"tracking.folder={store}")
    return start("train", "-m", *WORDS, *places, *words, stderr=subprocess.STDOUT, start_new_session=True)


def finish(uri: str, store: Path, *words: str) -> str:
    process = begin(uri, store, *words)
    out, _ = process.communicate(timeout=600)
    assert process.returncode == 0, out
    return out


def runs(uri: str) -> list[mlflow.entities.Run]:
    client = mlflow.MlflowClient(uri)
    experiment = client.get_experiment_by_name("aeexp")
    return client.search_runs([experiment.experiment_id], order_by=["attributes.start_time DESC"]) if experiment else []


def numbers(uri: str) -> pd.DataFrame:
    """The report's table of runs, without what no two sweeps have in common."""
    (parent,) = (run for run in runs(uri) if run.data.tags["aeexp.kind"] == "sweep")
    path = mlflow.MlflowClient(uri).download_artifacts(parent.info.run_id, "report/runs.csv")
    return pd.read_csv(path).drop(columns="run").sort_index(axis=1)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> pd.DataFrame:
    store = tmp_path_factory.mktemp("undisturbed")
    uri = f"sqlite:///{store}/mlflow.db"
    finish(uri, store)
    return numbers(uri)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server.uri
    server.kill()


def test_killed_at_random_moments_it_ends_with_the_same_numbers(undisturbed, tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    moments = random.Random(0)
    for _ in range(int(os.environ.get("AEEXP_KILLS", "3"))):
        process = begin(uri, tmp_path)
        with suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(2, 20))
        kill_tree(process)
    finish(uri, tmp_path)
    pd.testing.assert_frame_equal(numbers(uri), undisturbed)
    assert {run.info.status for run in runs(uri)} <= {"FINISHED", "KILLED"}


def test_ends_within_seconds_on_ctrl_c(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    process = begin(uri, tmp_path, "trainer.epochs=100000")
    while "running" not in process.stdout.readline():
        assert process.poll() is None
    workers = psutil.Process(process.pid).children(recursive=True)
    clock = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert time.monotonic() - clock < 20
    assert process.returncode == 130
    assert psutil.wait_procs(workers, timeout=20)[1] == []
    assert {run.info.status for run in runs(uri)} == {"KILLED"}


def test_a_worker_that_dies_takes_no_job_with_it(undisturbed, tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    process = begin(uri, tmp_path)
    while "running" not in process.stdout.readline():
        assert process.poll() is None
    (victim,) = {run.data.tags["aeexp.process"].split(" ")[1] for run in runs(uri)[:1]}
    os.kill(int(victim), signal.SIGKILL)
    out, _ = process.communicate(timeout=600)
    assert process.returncode == 0, out
    pd.testing.assert_frame_equal(numbers(uri), undisturbed)


def test_over_http_nothing_is_lost(undisturbed, server, tmp_path):
    finish(server, tmp_path)
    pd.testing.assert_frame_equal(numbers(server), undisturbed)
    client = mlflow.MlflowClient(server)
    for run in runs(server):
        if run.data.tags["aeexp.kind"] == "training":
            assert [point.step for point in client.get_metric_history(run.info.run_id, "val/loss")] == [1, 2, 3]
