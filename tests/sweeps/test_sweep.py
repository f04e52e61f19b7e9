"""Sweeps in this process, on a few real digits."""

import shutil
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Run

from aeexp.tracking.mlflow.current_store import current_store
from tests.conftest import TINY, command_line

FAST = (*TINY, "report=probe_arrays", "baseline=none", "tracking.log_model=false", "model=dense_ae")


@pytest.fixture
def sweep(aeexp):
    return lambda *words: aeexp("train", "-m", *FAST, *words)


@pytest.fixture(scope="module")
def swept_once(database_made_once, tmp_path_factory) -> Path:
    """A store with a finished sweep of two jobs."""
    folder = tmp_path_factory.mktemp("swept")
    with pytest.MonkeyPatch.context() as patch:
        command_line(patch, folder)("train", "-m", *FAST, "model.latent_dim=2,4")
    return folder / "mlruns"


@pytest.fixture
def swept(swept_once, store) -> None:
    """A copy of it that a test may add to; the artifacts stay where they were."""
    shutil.copytree(swept_once, store)


def runs_of(store, kind: str) -> list[Run]:
    client = mlflow.MlflowClient(f"sqlite:///{store}/mlflow.db")
    (experiment,) = client.search_experiments(filter_string="name = 'aeexp'")
    runs = client.search_runs([experiment.experiment_id], order_by=["attributes.start_time ASC"])
    return [run for run in runs if run.data.tags["aeexp.kind"] == kind]


def test_is_one_parent_with_named_children_and_a_report(sweep, store):
    ended = sweep("model.latent_dim=2,4", "seed=0,1")
    assert ended.code == 0, ended
    assert "Best test/psnr: latent_dim=" in ended.out
    (parent,) = runs_of(store, "sweep")
    children = runs_of(store, "training")
    assert [run.info.run_name for run in children] == [
        *("latent_dim=2 seed=0", "latent_dim=2 seed=1", "latent_dim=4 seed=0", "latent_dim=4 seed=1")
    ]
    assert {run.data.tags["mlflow.parentRunId"] for run in children} == {parent.info.run_id}
    client = mlflow.MlflowClient(f"sqlite:///{store}/mlflow.db")
    names = {file.path.rpartition("/")[2] for file in client.list_artifacts(parent.info.run_id, "report")}
    assert names == {
        *("comparison.png", "reconstructions.png", "latents.png", "index.html", "leaderboard.csv", "runs.csv")
    }
    with current_store(f"sqlite:///{store}/mlflow.db"):
        table = client.load_table(parent.info.experiment_id, "tables/leaderboard.json", [parent.info.run_id])
    assert len(table) == 2


def test_goes_on_where_it_ended(swept, sweep, store):
    first = [run.info.run_id for run in runs_of(store, "training")]
    ended = sweep("model.latent_dim=2,4,6", "launch.threads=1")
    assert "2 of 3 jobs have finished before" in ended.out
    assert len(runs_of(store, "sweep")) == 1
    again = runs_of(store, "training")
    assert [run.info.run_id for run in again][:2] == first
    assert [run.info.run_name for run in again][2:] == ["latent_dim=6"]


def test_runs_again_when_forced(swept, sweep, store):
    assert sweep("model.latent_dim=2,4", "sweep.rerun=true").code == 0
    assert len(runs_of(store, "sweep")) == 1
    assert len(runs_of(store, "training")) == 4


def test_a_failing_job_stops_no_other(sweep, store):
    ended = sweep("optimizer.learning_rate=1e30,0.001", "loss=mse")
    assert ended.code == 1
    assert "learning_rate=1e+30" in ended.out
    assert "1 of 2 jobs failed" in ended.err
    assert [run.info.status for run in runs_of(store, "training")] == ["FAILED", "FINISHED"]
    assert [run.info.status for run in runs_of(store, "sweep")] == ["FAILED"]


FAULTY = """
from dataclasses import dataclass
from aeexp.corruptions.corruption import Corruption

@dataclass(frozen=True)
class Faulty(Corruption):
    fails: bool

    def output_shape(self, shape):
        return shape

    def __call__(self, images, seeds):
        if self.fails:
            raise LookupError("a mistake in the user's own class")
        return images
"""


def test_an_unexpected_error_stops_no_other_job_and_leaves_its_traceback(sweep, store):
    (store.parent / "faulty_corruption.py").write_text(FAULTY)
    ended = sweep("+corruption.own._target_=faulty_corruption.Faulty", "+corruption.own.fails=true,false")
    assert ended.code == 1
    assert "LookupError" in ended.out
    assert [run.info.status for run in runs_of(store, "training")] == ["FAILED", "FINISHED"]
    log = (store / "hydra" / "train.log").read_text()
    assert "job fails=True failed:" in log
    assert "Traceback" in log
    assert "a mistake in the user's own class" in log


def test_a_bad_value_is_refused_before_the_first_job(sweep, store):
    ended = sweep("model.latent_dim=8,-1")
    assert ended.code == 2
    assert ended.err.startswith("error: latent_dim=-1: ")
    assert runs_of(store, "training") == runs_of(store, "sweep") == []
    assert "seed=-1" in sweep("seed=0,-1").err


def test_dead_runs_are_marked(swept, sweep, store):
    client = mlflow.MlflowClient(f"sqlite:///{store}/mlflow.db")
    for run in (*runs_of(store, "sweep"), *runs_of(store, "training")[:1]):
        client.update_run(run.info.run_id, "RUNNING")
        client.set_tag(run.info.run_id, "aeexp.process", f"{run.data.tags['aeexp.process'].split(' ')[0]} 1 0")
    assert sweep("model.latent_dim=2,4").code == 0
    assert [run.info.status for run in runs_of(store, "training")] == ["KILLED", "FINISHED", "FINISHED"]


def test_a_sweep_under_way_is_left_alone(swept, sweep, store):
    (parent,) = runs_of(store, "sweep")
    mlflow.MlflowClient(f"sqlite:///{store}/mlflow.db").update_run(parent.info.run_id, "RUNNING")
    ended = sweep("model.latent_dim=2,4,6")
    assert ended.code == 2
    assert "is under way" in ended.err


def test_report_once_more_by_another_metric(swept, aeexp):
    ended = aeexp("report", "sweep=latest", "metric=test/bce", "mode=min")
    assert "Best test/bce" in ended.out
    assert "'test/psnr'" in aeexp("report", "metric=test/psn").err
    assert "none of 1 sweeps match" in aeexp("report", "sweep=ffff").err


def test_needs_several_values(sweep):
    assert "several values" in sweep("model.latent_dim=2").err


def test_needs_a_record(aeexp):
    assert "tracking=mlflow" in aeexp("train", "-m", "tracking=memory", "seed=0,1").err
