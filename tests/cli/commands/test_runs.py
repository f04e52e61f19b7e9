"""`aeexp runs`: the table of recorded runs."""

import re
from pathlib import Path

import mlflow
import pytest

from aeexp.tracking.mlflow.liveness import PROCESS
from tests.support.processes import run
from tests.support.stores import copy_store, database, recorded, run_named
from tests.support.trainings import NOISY_AND_VARIATIONAL


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
    client.set_tag(run.info.run_id, PROCESS, f"{run.data.tags[PROCESS].split(' ')[0]} 1 0")
    assert "killed" in aeexp("runs").out
    assert run_named(runs, "noisy").info.status == "KILLED"


def test_of_an_empty_store_it_is_said_that_there_are_none(aeexp):
    assert aeexp("runs").out == "no run is recorded yet\n"


def test_listing_loads_nothing_heavy(runs):
    program = (
        "import sys; from aeexp.cli.main import main; main()\n"
        "print('LOADED', *({'mlflow', 'numpy', 'sqlalchemy', 'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)))"
    )
    done = run("runs", f"tracking.folder={runs}", program=("-c", program))
    assert done.returncode == 0, done.stderr
    assert len(rows(done.stdout)) == 2
    assert done.stdout.splitlines()[-1] == "LOADED"
