"""Sweeps in this process, over tiny trainings."""

import re
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Run

from aeexp.tracking.mlflow.current_store import current_store
from aeexp.tracking.tags import CHANGED_TAG
from tests.support.stores import copy_store, count_runs, database, folder_of, recorded
from tests.support.trainings import BARE, SHAPES, SWEEP, TINY

FAST = (*TINY, *BARE, *SHAPES, "report=probe_arrays")


@pytest.fixture
def sweep(aeexp):
    """Sweeps over tiny trainings."""
    return lambda *words: aeexp("train", "-m", *FAST, *words)


@pytest.fixture
def swept(trained_stores, store) -> None:
    """The store of a finished sweep of four jobs."""
    copy_store(trained_stores.after(SWEEP), store)


def test_the_best_job_is_the_best_by_the_metrics_own_direction(aeexp, swept, store):
    runs = runs_of(store, "training")
    for metric, best in (("test/psnr", max), ("test/mse", min), ("val/loss", min), ("gain/psnr", None)):
        ended = aeexp("report", f"sort={metric}")
        if best is None:
            assert "Choose from" in ended.err  # there are no baselines
            continue
        means = {
            size: sum(run.data.metrics[metric] for run in runs if run.data.params["model.latent_dim"] == size) / 2
            for size in ("2", "4")
        }
        assert f"Best {metric}: latent_dim={best(means, key=means.get)} " in ended.out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["sweep.metric=val/mse", "sweep.mode=max"], "sweep.mode: lower values of val/mse are better"),
        (["sweep.metric=val/psnr", "sweep.mode=min"], "sweep.mode: higher values of val/psnr are better"),
        (["sweep.metric=brightness", "dataset.split.validation=test"], "give sweep.mode=min or sweep.mode=max"),
        (["sweep.metric=brightness"], "brightness is no metric of the validation images"),
        (
            ["sweep.metric=test/psnr"],
            "test/psnr is no metric of the validation images, which choose the winner; the test images judge it",
        ),
        (["trainer.monitor=test/psnr"], "which the test images then judge"),
        (["trainer.monitor=val/psnr", "trainer.mode=min"], "trainer.mode: higher values of val/psnr are better"),
    ],
)
def test_a_mode_that_contradicts_the_metric_is_refused_before_the_first_job(sweep, store, words, hint):
    ended = sweep("seed=0,1", *words)
    assert ended.code == 2
    assert hint in ended.err
    assert count_runs(store) == 0


def runs_of(store: Path, kind: str) -> list[Run]:
    return [run for run in recorded(store) if run.data.tags["aeexp.kind"] == kind]


def test_is_one_parent_with_named_children(swept, store):
    (parent,) = runs_of(store, "sweep")
    children = runs_of(store, "training")
    assert [run.info.run_name for run in children] == [
        f"model.latent_dim={latent_dim} seed={seed}" for latent_dim in (2, 4) for seed in (0, 1)
    ]
    assert [run.info.status for run in (parent, *children)] == ["FINISHED"] * 5
    assert {run.data.tags["mlflow.parentRunId"] for run in children} == {parent.info.run_id}


def test_each_job_has_its_params(swept, store):
    children = runs_of(store, "training")
    points = [(run.data.params["model.latent_dim"], run.data.params["seed"]) for run in children]
    assert points == [("2", "0"), ("2", "1"), ("4", "0"), ("4", "1")]
    assert len({run.data.metrics["val/loss"] for run in children}) == 4


def test_the_report_has_pictures_and_a_row_for_each_point(swept, store):
    (parent,) = runs_of(store, "sweep")
    client = mlflow.MlflowClient(database(store))
    names = {file.path.rpartition("/")[2] for file in client.list_artifacts(parent.info.run_id, "report")}
    assert names == {
        *("comparison.png", "intervals.png", "reconstructions.png", "latents.png"),
        *("index.html", "leaderboard.csv", "runs.csv"),
    }
    with current_store(database(store)):
        table = client.load_table(parent.info.experiment_id, "tables/leaderboard.json", [parent.info.run_id])
    assert len(table) == 2


def test_another_protocol_is_another_sweep(aeexp, swept, store):
    assert aeexp("train", "-m", *FAST, "model.latent_dim=2,4", "seed=0", "dataset.split.validation=test").code == 0
    sweeps = runs_of(store, "sweep")
    assert len(sweeps) == 2
    tags = [run.data.tags["protocol"] for run in runs_of(store, "training")]
    assert sorted(tags, key=len)[:2] == ["validation is test"] * 2
    assert len(set(tags)) == 2


def test_the_report_has_figures_for_papers(aeexp, swept, store):
    assert "report.format: must be one or several of" in aeexp("report", "report.format=gif").err
    assert aeexp("report", "report.format=[pdf,svg]").code == 0
    (parent,) = runs_of(store, "sweep")
    files = mlflow.MlflowClient(database(store)).list_artifacts(parent.info.run_id, "report")
    names = {file.path.rpartition("/")[2] for file in files}
    assert names >= {
        f"{name}.{kind}" for name in ("comparison", "latents", "reconstructions") for kind in ("pdf", "svg")
    }


def test_goes_on_where_it_ended(swept, sweep, store):
    first = [run.info.run_id for run in runs_of(store, "training")]
    ended = sweep("model.latent_dim=2,4", "seed=1,2", "launch.threads=1")
    assert ended.code == 0, ended
    assert "2 of 4 jobs have finished before" in ended.out
    assert "Best val/psnr: latent_dim=" in ended.out
    assert len(runs_of(store, "sweep")) == 1
    again = runs_of(store, "training")
    assert [run.info.run_id for run in again][:4] == first
    assert [run.info.run_name for run in again][4:] == ["model.latent_dim=2 seed=2", "model.latent_dim=4 seed=2"]


def test_autoencoders_and_vaes_in_one_sweep_train_with_their_own_losses(aeexp, store):
    few = ("report=none", "baseline=none", "tracking.log_model=false", *SHAPES, *TINY)
    ended = aeexp("train", "-m", *few, "model=dense_ae,dense_vae")
    assert (ended.code, ended.err) == (0, "")
    runs = runs_of(store, "training")
    assert [run.info.run_name for run in runs] == ["model=dense_ae", "model=dense_vae"]
    assert ["val/kl" in run.data.metrics for run in runs] == [False, True]


FAULTY = """
from dataclasses import dataclass
from aeexp.corruptions.corruption import Corruption
from aeexp.errors import OutcomeError

@dataclass(frozen=True)
class Faulty(Corruption):
    fault: str

    def output_shape(self, shape):
        return shape

    def __call__(self, images, seeds):
        match self.fault:
            case "expected":
                raise OutcomeError("an outcome to be expected")
            case "unexpected":
                raise LookupError("a mistake in the user's own class")
        return images
"""


def test_a_failing_job_stops_no_other_and_all_run_again_when_forced(sweep, store):
    (store.parent / "faulty_corruption.py").write_text(FAULTY)
    own = "+corruption.own"
    words = (f"{own}._target_=faulty_corruption.Faulty", f"{own}.fault=expected,unexpected,none")
    ended = sweep(*words)
    assert ended.code == 1
    assert all(word in ended.out for word in ("fault=expected", "an outcome to be expected", "LookupError"))
    assert "2 of 3 jobs failed" in ended.err
    assert [run.info.status for run in runs_of(store, "training")] == ["FAILED", "FAILED", "FINISHED"]
    assert [run.info.status for run in runs_of(store, "sweep")] == ["FAILED"]
    log = (store / "hydra" / "train.log").read_text()
    assert "fault=unexpected failed:" in log
    assert log.count("Traceback") == 1
    assert "a mistake in the user's own class" in log
    sweep(*words, "sweep.rerun=true")
    assert len(runs_of(store, "sweep")) == 1
    assert [run.info.status for run in runs_of(store, "training")] == ["FAILED", "FAILED", "FINISHED"] * 2


def test_a_bad_value_is_refused_before_the_first_job(sweep, store):
    ended = sweep("model.latent_dim=8,-1")
    assert ended.code == 2
    assert ended.err.startswith("error: model.latent_dim=-1: ")
    assert count_runs(store) == 0
    assert "seed=-1" in sweep("seed=0,-1").err


def test_dead_runs_are_marked_and_their_jobs_run_again(swept, sweep, store):
    client = mlflow.MlflowClient(database(store))
    for run in (*runs_of(store, "sweep"), *runs_of(store, "training")[:1]):
        client.update_run(run.info.run_id, "RUNNING")
        client.set_tag(run.info.run_id, "aeexp.process", f"{run.data.tags['aeexp.process'].split(' ')[0]} 1 0")
    assert sweep("model.latent_dim=2,4", "seed=0,1").code == 0
    assert [run.info.status for run in runs_of(store, "training")] == ["KILLED", *["FINISHED"] * 4]


def test_a_sweep_under_way_is_left_alone(swept, sweep, store):
    (parent,) = runs_of(store, "sweep")
    mlflow.MlflowClient(database(store)).update_run(parent.info.run_id, "RUNNING")
    ended = sweep("model.latent_dim=2,4", "seed=0,1,2")
    assert ended.code == 2
    assert "is under way" in ended.err


def test_the_page_links_to_those_of_the_runs_and_names_what_was_resumed(swept, aeexp, store):
    client, (parent,) = mlflow.MlflowClient(database(store)), runs_of(store, "sweep")
    odd, *others = runs_of(store, "training")
    client.set_tag(odd.info.run_id, CHANGED_TAG, "after epoch 1: trainer.epochs 1 -> 3")
    ended = aeexp("report")
    assert f"other jobs do not have: {odd.info.run_id[:8]} trainer.epochs=3." in ended.out
    page = folder_of(parent) / "report" / "index.html"
    text = page.read_text(encoding="utf-8")
    assert "<pre>aeexp train -m " in text
    links = re.findall(r"<a href='([^']+)'>([0-9a-f]{8})</a>", text)
    assert {name for _, name in links} == {run.info.run_id[:8] for run in (odd, *others)}
    assert all(not link.startswith("/") and (page.parent / link).is_file() for link, _ in links)


def test_the_report_is_written_once_more_by_another_metric(swept, aeexp):
    ended, given = aeexp("report", "sort=test/bce"), aeexp("report", "sweep=latest", "sort=test/bce", "mode=min")
    assert "Best test/bce" in ended.out
    assert ended.out == given.out
    assert "error: mode: lower values of test/bce are better" in aeexp("report", "sort=test/bce", "mode=max").err
    assert "'test/psnr'" in aeexp("report", "metric=test/psn").err
    assert "none of 1 sweeps match" in aeexp("report", "sweep=ffff").err


def test_a_sweep_needs_several_values(sweep):
    assert "several values" in sweep("model.latent_dim=2").err


def test_a_sweep_needs_mlflow(aeexp):
    assert "tracking=mlflow" in aeexp("train", "-m", "tracking=memory", "seed=0,1").err
