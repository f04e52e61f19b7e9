"""`aeexp compare`: runs and sweeps in one table, and what cannot be compared."""

import json
from pathlib import Path

import mlflow
import pytest

from tests.support.processes import run
from tests.support.stores import copy_store, files_of, recorded, run_named
from tests.support.trainings import BARE, TINY

SWEEP = ("train", "-m", *TINY, *BARE, "model.latent_dim=2,8", "seed=0,1", "name=sizes")
SINGLE = ("train", *TINY, *BARE, "model.latent_dim=4", "name=single")


@pytest.fixture
def runs(trained_stores, store) -> Path:
    """A sweep of two sizes and two seeds, and a run of a third size with one seed."""
    copy_store(trained_stores.after(SWEEP, SINGLE), store)
    return store


def test_a_sweep_is_averaged_over_seeds_and_a_run_stands_beside(aeexp, runs):
    ended = aeexp("compare", f"runs=[{run_named(runs, 'sizes').info.run_id[:8]},latest]")
    assert ended.code == 0, ended.err
    heading, titles, *rows = ended.out.splitlines()
    assert heading == "test/psnr, differences to the best"
    assert titles.split()[:3] == ["configuration", "runs", "mean"]
    found = {row.split()[0]: row.split()[1] for row in rows[:3]}
    assert found == {"latent_dim=2": "2", "latent_dim=8": "2", "latent_dim=4": "1"}
    assert "One seed of latent_dim=4" in ended.out
    comparison = recorded(runs)[-1]
    assert comparison.data.tags["aeexp.kind"] == "comparison"
    assert {"figures/comparison.png", "tables/comparison.json"} <= files_of(comparison)
    table = mlflow.artifacts.load_dict(f"{comparison.info.artifact_uri}/tables/comparison.json")
    assert len(table["data"]) == 3, json.dumps(table)


def test_differences_are_to_the_baseline(aeexp, runs):
    single = run_named(runs, "single").info.run_id[:8]
    ended = aeexp(
        "compare", f"runs=[{run_named(runs, 'sizes').info.run_id[:8]}]", f"baseline={single}", "sort=val/loss"
    )
    assert ended.code == 0, ended.err
    assert ended.out.startswith("val/loss, differences to latent_dim=4\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["runs=[latest]"], "runs: a comparison needs two runs or more. Received 1; name them as in runs="),
        (["runs=[latest,latest]"], "Received 1"),
        (["runs=[no-such,latest]"], "no-such"),
        (["runs=[{sweep}]", "sort=test/pnsr"], "has no metric test/pnsr. Did you mean 'test/psnr'?"),
        (["runs=[{sweep}]", "sort=psnr"], "'val/psnr' or 'test/psnr'"),
        (["runs=[{sweep}]", "baseline=no-such"], "no-such"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_line(aeexp, runs, words, message):
    before = len(recorded(runs))
    sweep = run_named(runs, "sizes").info.run_id[:8]
    ended = aeexp("compare", *(word.format(sweep=sweep) for word in words))
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert message in ended.err
    assert len(recorded(runs)) == before


def test_loads_no_tensorflow(runs):
    program = "import sys; from aeexp.cli.main import main; main()\nprint('LOADED', 'tensorflow' in sys.modules)"
    sweep = run_named(runs, "sizes").info.run_id[:8]
    done = run("compare", f"runs=[{sweep}]", f"tracking.folder={runs}", program=("-c", program))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "LOADED False"
