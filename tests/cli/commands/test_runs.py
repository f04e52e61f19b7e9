"""`aeexp runs`: the table of recorded runs."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import mlflow
import pytest

from aeexp.tracking.tags import PROCESS_TAG
from tests.support.processes import run
from tests.support.stores import copy_store, database, recorded, run_named
from tests.support.trainings import NOISY_AND_VARIATIONAL

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def runs(trained_stores, store) -> Path:
    """The store of a denoiser and a variational autoencoder."""
    copy_store(trained_stores.after(*NOISY_AND_VARIATIONAL), store)
    return store


def rows(out: str) -> list[str]:
    return [line for line in out.splitlines() if re.match(r" ?[0-9a-f]{8} ", line)]


def test_runs_are_listed_newest_first_with_what_differs(aeexp, runs):
    ended = aeexp("runs")
    assert ended.code == 0, ended.err
    newest, oldest = rows(ended.out)
    assert all(word in newest for word in ("variational", "finished", "dense_vae", "none", "loss=mse+kl", "seed=1"))
    assert all(word in oldest for word in ("noisy", "finished", "conv_ae", "mnist", "noise"))
    assert not any(word in ended.out for word in ("batch_size", "limit=40", "null", "None", "{}", "_target_"))
    assert f"{run_named(runs, 'noisy').data.metrics['test/psnr']:.4g}" in oldest


def test_runs_are_filtered_and_sorted(aeexp, runs):
    low = min(run.data.metrics["test/psnr"] for run in recorded(runs))
    (best,) = rows(aeexp("runs", f"filter=metrics.test/psnr > {low + 1e-9} and params.trainer.epochs = '2'").out)
    ordered = rows(aeexp("runs", "sort=test/psnr").out)
    assert ordered[0].split()[0] == best.split()[0]
    assert len(rows(aeexp("runs", "limit=1").out)) == 1
    assert "no run meets filter=" in aeexp("runs", "filter=metrics.test/psnr > 999").out


def test_a_run_whose_process_has_died_is_marked_as_killed(aeexp, runs):
    client, run = mlflow.MlflowClient(database(runs)), run_named(runs, "noisy")
    client.update_run(run.info.run_id, "RUNNING")
    client.set_tag(run.info.run_id, PROCESS_TAG, f"{run.data.tags[PROCESS_TAG].split(' ')[0]} 1 0")
    assert "killed" in aeexp("runs").out
    assert run_named(runs, "noisy").info.status == "KILLED"


def test_of_an_empty_store_it_is_said_that_there_are_none(aeexp):
    assert aeexp("runs").out.startswith("no run is recorded yet in /")


def test_listing_loads_nothing_heavy(runs):
    program = (
        "import sys; from aeexp.cli.main import main; main()\n"
        "print('LOADED', *({'mlflow', 'numpy', 'sqlalchemy', 'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)))"
    )
    done = run("runs", f"tracking.folder={runs}", program=("-c", program))
    assert done.returncode == 0, done.stderr
    assert len(rows(done.stdout)) == 2
    assert done.stdout.splitlines()[-1] == "LOADED"


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_each_run_has_one_line_of_the_width_of_the_terminal(aeexp, monkeypatch, runs, width):
    monkeypatch.setenv("COLUMNS", str(width))
    lines = aeexp("runs").out.splitlines()
    assert len(lines) == 3
    assert all(len(line) <= width for line in lines)
    assert all(word in lines[0] for word in ("id", "name", "settings", "test/psnr"))


def test_lines_in_a_pipe_are_bounded_and_have_the_same_columns(aeexp, monkeypatch, runs):
    monkeypatch.delenv("COLUMNS", raising=False)
    client = mlflow.MlflowClient(database(runs))
    client.update_run(run_named(runs, "noisy").info.run_id, name="[bold]x[/bold]\n\t\x1b[2J" + "long " * 900)
    lines = aeexp("runs").out.splitlines()
    assert len(lines) == 3
    assert all(len(line) <= 300 for line in lines)
    assert len({len(re.split(r"  +", line)) for line in lines}) == 1
    assert "[bold]x[/bold] �[2J" in lines[2]


def test_columns_are_chosen(aeexp, runs):
    head, first, second = aeexp("runs", "columns=[name,latent_dim,model,test/ssim]").out.splitlines()
    assert head.split() == ["name", "latent_dim", "model", "test/ssim"]
    assert first.split()[:3] == ["variational", "2", "dense_vae"]
    assert second.split()[:3] == ["noisy", "null", "conv_ae"]
    assert aeexp("runs", "columns=name,latent_dim,model,test/ssim").out.splitlines() == [head, first, second]
    assert aeexp("runs", "columns=[default,test/ssim]").out.splitlines()[0].split()[-1] == "test/ssim"


def test_csv_and_json_hold_all_of_each_run(aeexp, runs):
    _, row = csv.DictReader(io.StringIO(aeexp("runs", "format=csv").out))
    _, content = json.loads(aeexp("runs", "format=json").out)
    noisy = run_named(runs, "noisy")
    assert row["id"] == content["id"] == noisy.info.run_id
    assert float(row["test/psnr"]) == content["metrics"]["test/psnr"] == noisy.data.metrics["test/psnr"]
    assert content["settings"]["corruption.noise.std"] == 0.5
    assert content["settings"]["model.latent_dim"] is None
    assert (row["corruption"], content["corruption"]) == ("noise", "noise")
    chosen = json.loads(aeexp("runs", "format=json", "columns=[id,gain]", "limit=1").out)
    assert [list(each) for each in chosen] == [["id", "gain"]]


def test_wide_cuts_nothing(aeexp, runs):
    client, run = mlflow.MlflowClient(database(runs)), run_named(runs, "noisy")
    client.update_run(run.info.run_id, name="long " * 60)
    out = aeexp("runs", "format=wide").out
    assert ("long " * 60).strip() in out
    assert "…" not in out


def test_runs_are_grouped(aeexp, runs):
    _, *lines = aeexp("runs", "group=seed", "columns=[runs,name]").out.splitlines()
    assert [line.split() for line in lines] == [["1", "variational"], ["1", "noisy"]]


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("format=xml", ("format: no such format: xml", "table, wide, csv, json")),
        ("format=jsn", ("Did you mean 'json'",)),
        ("columns=stat", ("columns: stat is no column", "Did you mean 'state'", "test/psnr")),
        ("columns=[id,latent_dims]", ("Did you mean 'latent_dim'",)),
        ("group=seeds", ("group: seeds is no setting", "Did you mean 'seed'")),
        ("sort=test/pnsr", ("sort: no run has the metric test/pnsr", "Did you mean 'test/psnr'", "val/loss")),
        ("limit=0", ("limit: it must be from 1 to 50000",)),
    ],
)
def test_mistakes_are_answered_in_one_line_with_the_choices(aeexp, runs, word, says):
    ended = aeexp("runs", word)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert len(ended.err) < 700
    assert all(each in ended.err for each in says)


def test_a_reader_that_has_read_enough_is_no_error(runs):
    command = f"{sys.executable} -m aeexp runs tracking.folder='{runs}' format=json | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[\n", "")
