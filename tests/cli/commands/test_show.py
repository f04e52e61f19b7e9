"""`aeexp show`: one run, or one sweep."""

import json
import re
from pathlib import Path

import mlflow
import pytest

from aeexp.tracking.tags import CHANGED_TAG
from tests.support.processes import run
from tests.support.stores import copy_store, database, folder_of, run_named, unpack_old_store
from tests.support.trainings import NOISY_AND_VARIATIONAL


@pytest.fixture
def runs(trained_stores, store) -> Path:
    """The store of a denoiser and a variational autoencoder."""
    copy_store(trained_stores.after(*NOISY_AND_VARIATIONAL), store)
    return store


@pytest.fixture
def old_runs(store) -> Path:
    """A store that an older version recorded, with a sweep and an evaluation."""
    return unpack_old_store(store.parent)


def selector(store: Path, name: str) -> str:
    return f"run={run_named(store, name).info.run_id[:8]}"


def section(out: str, title: str) -> str:
    return out.partition(f"\n{title}\n")[2].partition("\n\n")[0]


def test_shows_what_differs_the_metrics_and_how_to_go_on(aeexp, runs):
    ended = aeexp("show", selector(runs, "variational"))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"training {run_named(runs, 'variational').info.run_id}  variational\n")
    assert "state        finished, took " in ended.out
    changed = section(ended.out, "settings that are not the default")
    assert re.search(r"model +dense_vae +\(default conv_ae\)", changed)
    assert re.search(r"loss +mse\+kl +\(default bce\)", changed)
    assert re.search(r"seed +1 +\(default 0\)", changed)
    assert re.search(r"report +none +\(default reconstructions", changed)
    assert "learning_rate" not in changed
    metrics = section(ended.out, "metrics")
    assert f"{run_named(runs, 'variational').data.metrics['test/psnr']:.4g}" in metrics
    assert re.search(r"validation, epoch [12] \(best\) ", metrics)
    commands = section(ended.out + "\n\n", "how to go on")
    named = [line.split()[1] for line in commands.splitlines()]
    assert named == ["predict", "explore", "evaluate", "resume", "reproduce"]


def test_shows_the_settings_that_a_resumed_run_went_on_with(aeexp, runs):
    client, noisy = mlflow.MlflowClient(database(runs)), run_named(runs, "noisy")
    client.set_tag(noisy.info.run_id, CHANGED_TAG, "after epoch 2: trainer.epochs 2 -> 7")
    assert noisy.data.params["trainer.epochs"] == "2"
    changed = section(aeexp("show", selector(runs, "noisy")).out, "settings that are not the default")
    assert re.search(r"trainer\.epochs +7 ", changed)
    listed = aeexp("runs", "columns=[name,trainer.epochs]").out.splitlines()
    assert [line.split() for line in listed[1:]] == [["variational", "2"], ["noisy", "7"]]


def test_shows_the_latest_training_unless_told_otherwise(aeexp, runs):
    assert "  variational\n" in aeexp("show").out.splitlines(keepends=True)[0]
    best = aeexp("show", "run=best:test/psnr").out
    assert run_named(runs, "noisy").info.run_id in best or run_named(runs, "variational").info.run_id in best


def test_lists_the_page_and_the_pictures_by_their_paths(aeexp, runs):
    folder = folder_of(run_named(runs, "noisy"))
    for name in ("report/index.html", "figures/reconstructions.png", "report/notes.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    files = section(aeexp("show", selector(runs, "noisy")).out, "files").split()
    assert files[0] == f"{folder}/report/index.html"
    assert f"{folder}/figures/reconstructions.png" in files
    assert not any(name.endswith("notes.txt") for name in files)


def test_the_same_as_json(aeexp, runs):
    content = json.loads(aeexp("show", selector(runs, "noisy"), "format=json").out)
    recorded = run_named(runs, "noisy")
    assert content["id"] == recorded.info.run_id
    assert content["changed"]["corruption"] == {"value": "noise", "default": "none"}
    assert content["metrics"]["test/psnr"] == recorded.data.metrics["test/psnr"]
    assert content["best_epoch"]["epoch"] in (1, 2)
    assert content["last_epoch"]["epoch"] == 2
    assert content["last_epoch"]["metrics"]["val/loss"] == recorded.data.metrics["val/loss"]
    assert content["evaluations"] == []


def test_a_failed_run_says_why_and_how_to_go_on(aeexp, runs):
    failed = run_named(runs, "noisy")
    mlflow.MlflowClient(database(runs)).update_run(failed.info.run_id, "FAILED")
    (folder_of(failed) / "traceback.txt").write_text(
        "Traceback\n  File\naeexp.errors.DataError: it is [bold]no[/bold] image\n"
    )
    out = aeexp("show", selector(runs, "noisy")).out
    assert "failed with  DataError: it is [bold]no[/bold] image\n" in out
    assert "aeexp resume run=" in out
    assert "aeexp predict" not in out


def test_a_sweep_shows_its_jobs_the_best_first(aeexp, old_runs):
    out = aeexp("show", f"run={run_named_in(old_runs, 'sweep latent_dim × seed')[:8]}").out
    assert "found        latent_dim=3 best of 4 jobs" in out
    jobs = section(out, "jobs, the best first").splitlines()
    psnr = [float(line.split()[-3]) for line in jobs[1:]] if "gain" in jobs[0] else []
    assert len(jobs) == 5
    assert psnr == sorted(psnr, reverse=True)
    assert "aeexp report sweep=" in out


def test_an_older_run_shows_its_evaluations_and_options_by_name(aeexp, old_runs):
    out = aeexp("show", f"run={run_named_in(old_runs, 'noise')[:8]}").out
    assert re.search(r"corruption\.noise\.std +0\.3 +\(default 0\.5\)", out)
    assert "evaluate" in section(out, "evaluations")
    out = aeexp("show", f"run={run_named_in(old_runs, 'vae')[:8]}").out
    assert re.search(r"loss\.kl\.warmup_epochs +2 +\(default 0\)", out)
    assert "The best epoch is that of val/psnr." in out


def run_named_in(store: Path, name: str) -> str:
    """The id of a run of a store that may have been moved since it was recorded."""
    client = mlflow.MlflowClient(database(store))
    experiment = client.get_experiment_by_name("aeexp").experiment_id
    (found,) = client.search_runs([experiment], f"attributes.run_name = '{name}'")
    return found.info.run_id


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("format=jsn", "Did you mean 'json'? Choose from text, json."),
        ("run=zzzz", "there is no such run"),
        ("run=best:foo", "no finished run has this metric; one of them has"),
        ("run=no_model", "there is no such run"),
    ],
)
def test_mistakes_are_answered_in_one_line(aeexp, runs, word, says):
    ended = aeexp("show", word)
    assert ended.code != 0
    assert ended.err.count("\n") == 1
    assert says in ended.err


def test_an_empty_store(aeexp):
    assert "there is no such training yet" in aeexp("show").err


def test_showing_loads_no_mlflow(runs):
    program = (
        "import sys; from aeexp.cli.main import main; main()\n"
        "print('LOADED', *({'mlflow', 'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)))"
    )
    done = run("show", f"tracking.folder={runs}", program=("-c", program))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "LOADED"
