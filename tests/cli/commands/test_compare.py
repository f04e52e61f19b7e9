"""`aeexp compare`: runs and sweeps in one table, and what cannot be compared."""

from pathlib import Path

import mlflow
import pytest

from tests.support.processes import run
from tests.support.stores import copy_store, files_of, recorded
from tests.support.trainings import SWEEP


@pytest.fixture
def runs(trained_stores, store) -> Path:
    """The store of a sweep over two sizes and two seeds."""
    copy_store(trained_stores.after(SWEEP), store)
    return store


def sweep_of(runs: Path) -> str:
    (sweep,) = (run for run in recorded(runs) if run.data.tags["aeexp.kind"] == "sweep")
    return sweep.info.run_id[:8]


def job_of(runs: Path, size: str, seed: str) -> str:
    wanted = {"model.latent_dim": size, "seed": seed}
    (job,) = (run for run in recorded(runs) if wanted.items() <= run.data.params.items())
    return job.info.run_id[:8]


def test_a_sweep_is_averaged_over_seeds(aeexp, runs):
    ended = aeexp("compare", f"runs=[{sweep_of(runs)}]")
    assert ended.code == 0, ended.err
    heading, titles, *rows = ended.out.splitlines()
    assert heading == "test/psnr, differences to the best"
    assert titles.split()[:3] == ["run", "configuration", "mean"]
    assert {row.split("  ")[1]: row.split("  ")[0] for row in rows[:2]} == {
        "latent_dim=2": "2 runs",
        "latent_dim=4": "2 runs",
    }
    assert "2 seeds or folds" in rows[1]
    comparison = recorded(runs)[-1]
    assert comparison.data.tags["aeexp.kind"] == "comparison"
    assert {"figures/comparison.png", "tables/comparison.json"} <= files_of(comparison)
    table = mlflow.artifacts.load_dict(f"{comparison.info.artifact_uri}/tables/comparison.json")
    assert len(table["data"]) == 2


def test_of_single_runs_the_images_are_paired(aeexp, runs):
    ended = aeexp("compare", f"runs=[{job_of(runs, '2', '0')},{job_of(runs, '4', '0')}]")
    assert ended.code == 0, ended.err
    assert "20 images of one training" in ended.out
    assert {line.split()[0] for line in ended.out.splitlines()} > {job_of(runs, "2", "0"), job_of(runs, "4", "0")}
    assert "the spread over seeds is unknown" in ended.out


def test_differences_are_to_the_baseline(aeexp, runs):
    ended = aeexp("compare", f"runs=[{sweep_of(runs)}]", f"baseline={job_of(runs, '4', '1')}", "sort=val/loss")
    assert ended.code == 0, ended.err
    title, _, *rows = ended.out.splitlines()
    assert title == "val/loss, differences to latent_dim=4"
    assert ["baseline" in row.split() for row in rows[:2]] == ["latent_dim=4" in row for row in rows[:2]]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["runs=[latest]"],
            "runs: a comparison needs two different trainings or more. Received 1; name them as in runs=",
        ),
        (["runs=[latest,latest]"], "two different trainings or more. Received 1"),
        (["runs=[no-such,latest]"], "no-such"),
        (["runs=[{sweep}]", "sort=test/pnsr"], "have no metric test/pnsr. Did you mean 'test/psnr'?"),
        (["runs=[{sweep}]", "sort=psnr"], "'val/psnr' or 'test/psnr'"),
        (["runs=[{sweep}]", "baseline=no-such"], "no-such"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_line(aeexp, runs, words, message):
    before = len(recorded(runs))
    sweep = sweep_of(runs)
    ended = aeexp("compare", *(word.format(sweep=sweep) for word in words))
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert message in ended.err
    assert len(recorded(runs)) == before


@pytest.mark.slow
def test_loads_no_tensorflow(runs):
    program = "import sys; from aeexp.cli.main import main; main()\nprint('LOADED', 'tensorflow' in sys.modules)"
    sweep = sweep_of(runs)
    done = run("compare", f"runs=[{sweep}]", f"tracking.folder={runs}", program=("-c", program))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "LOADED False"
