"""Folding: evaluations beneath trainings, sweeps with their winner, and groups over the seed."""

import math
from dataclasses import replace

import pytest

from aeexp.listing.columns import Columns
from aeexp.listing.folding import folded, without_comparisons
from aeexp.listing.groups import grouped
from aeexp.listing.layout import runs_table
from aeexp.listing.row import Row
from aeexp.listing.winner import Sweep
from aeexp.tracking.tags import AXES_TAG, HIGHER_IS_BETTER_TAG, METRIC_TAG
from tests.support.run_infos import NOW, run_info

TAGS = {HIGHER_IS_BETTER_TAG: "psnr"}
MODEL = {"model": "dense_ae", "dataset": "mnist", "corruption": "none", "trainer.monitor": "val/loss"}


def newest_first(*runs) -> list[Row]:
    return [Row.from_run(run) for run in reversed(runs)]


def sweep(axes: str, jobs: list[tuple[dict, dict, str]], **tags: str) -> list[Row]:
    parent = run_info("sweep", "sweep", tags={AXES_TAG: axes, **tags})
    made = [
        run_info("job", parent=parent.id, params={**MODEL, **params}, metrics=metrics, tags=TAGS, status=status)
        for params, metrics, status in jobs
    ]
    return newest_first(parent, *made)


def size_and_seed(size: int, seed: int, psnr: float, status: str = "FINISHED") -> tuple[dict, dict, str]:
    metrics = {"test/psnr": psnr, "test/mse": psnr, "val/loss": -psnr}
    return {"model.latent_dim": str(size), "seed": str(seed)}, metrics, status


AXES = '["model.latent_dim", "seed"]'
JOBS = [size_and_seed(2, 0, 10), size_and_seed(2, 1, 12), size_and_seed(8, 0, 20), size_and_seed(8, 1, 22)]


def test_evaluations_stand_beneath_their_training_and_take_over_its_model():
    training = run_info("first", params=MODEL)
    evaluation = run_info("evaluate", "evaluation", training.id, params={"dataset": "shapes", "corruption": "noise"})
    other = run_info("second", params=MODEL)
    blocks = folded(newest_first(training, evaluation, other), expand=False)
    assert [[row.name for row in block] for block in blocks] == [["second"], ["first", "evaluate"]]
    below = blocks[1][1]
    assert below.depth == 1
    assert dict(below.chosen) == {"model": "dense_ae", "dataset": "shapes", "corruption": "noise"}


def test_many_evaluations_share_a_row_unless_expanded():
    training = run_info("first", params=MODEL)
    more = [run_info("evaluate", "evaluation", training.id, params={"dataset": f"d{each}"}) for each in range(6)]
    rows = newest_first(training, *more)
    (block,) = folded(rows, expand=False)
    assert [row.runs for row in block] == [1, 1, 1, 4]
    assert len(folded(rows, expand=True)[0]) == 7


def test_an_evaluation_without_its_training_stands_for_itself():
    assert len(folded(newest_first(run_info("evaluate", "evaluation", "0" * 32)), expand=False)) == 1


def test_a_sweep_is_one_row_with_its_winner():
    ((row,),) = folded(sweep(AXES, JOBS), expand=False)
    assert row.note == "latent_dim=8 best of 4 jobs"
    assert row.metrics["test/psnr"] == 21
    assert row.chosen["model"] == "dense_ae"
    assert len(folded(sweep(AXES, JOBS), expand=True)[0]) == 5


def test_the_winner_is_by_the_metric_of_the_sweep_and_its_direction():
    ((row,),) = folded(sweep(AXES, JOBS, **{METRIC_TAG: "test/mse"}), expand=False)
    assert row.note == "latent_dim=2 best of 4 jobs"


def test_jobs_that_failed_are_counted_and_win_nothing():
    jobs = [*JOBS, size_and_seed(16, 0, 99, "FAILED"), size_and_seed(16, 1, math.nan)]
    ((row,),) = folded(sweep(AXES, jobs), expand=False)
    assert row.note == "latent_dim=8 best of 6 jobs, 1 failed"


@pytest.mark.parametrize("status", ["RUNNING", "FAILED", "KILLED"])
@pytest.mark.parametrize("metrics", [{}, {"val/loss": 1.0}, {"test/psnr": 9.0}, {"test/psnr": math.nan}])
@pytest.mark.parametrize("axes", [AXES, '["seed"]', '["corruption.noise.std"]', "[]"])
def test_a_sweep_of_which_no_job_has_finished_has_no_winner(status, metrics, axes):
    jobs = [({"model.latent_dim": size, "corruption.noise.std": size}, metrics, status) for size in ("2", "8")]
    for expand in (False, True):
        ((row, *_),) = folded(sweep(axes, jobs), expand=expand)
        assert "best" not in row.note
        assert row.note.endswith(f"2 {status.lower()}")
        assert not row.metrics
        columns = Columns([row], [row], NOW)
        text, _ = runs_table(columns.chosen(columns.default(None, grouped=False)), [row], 80)
        assert row.id[:8] in text


def test_of_a_job_that_ran_twice_the_newest_counts():
    ((row,),) = folded(sweep(AXES, [*JOBS, size_and_seed(8, 0, -50), size_and_seed(8, 1, -50)]), expand=False)
    assert row.note == "latent_dim=2 best of 6 jobs"


def test_a_sweep_over_seeds_alone_and_one_without_jobs():
    ((row,),) = folded(sweep('["seed"]', JOBS[:2]), expand=False)
    assert row.note == "mean of 2 jobs"
    assert row.metrics["test/psnr"] == sum(metrics["test/psnr"] for _, metrics, _ in JOBS[:2]) / 2
    assert row.spread["test/psnr"] > 0
    ((row,),) = folded(sweep(AXES, []), expand=False)
    assert row.note == "no job yet"


NOISES = (("0.1", 30.0, 1.0), ("0.5", 20.0, 4.0))
NOISE = '["corruption.noise.std", "model.latent_dim"]'


def noisy(std: str, size: int, psnr: float, gain: float = 0) -> tuple[dict, dict, str]:
    metrics = {"test/psnr": psnr, "gain/psnr": gain}
    return {"corruption": "noise", "corruption.noise.std": std, "model.latent_dim": str(size)}, metrics, "FINISHED"


def test_the_easiest_task_is_no_winner():
    jobs = [noisy(std, 2, psnr) for std, psnr, _ in NOISES]
    ((row,),) = folded(sweep('["corruption.noise.std"]', jobs), expand=False)
    assert row.note == "2 jobs over 2 tasks"
    assert not row.metrics


def test_tasks_are_compared_by_their_gain():
    jobs = [noisy(std, 2, psnr, gain) for std, psnr, gain in NOISES]
    tags = {METRIC_TAG: "gain/psnr"}
    ((row,),) = folded(sweep('["corruption.noise.std"]', jobs, **tags), expand=False)
    assert row.note == "std=0.5 best of 2 jobs"


def test_a_winner_wins_in_each_task():
    jobs = [noisy("0.1", 2, 30), noisy("0.1", 8, 31), noisy("0.5", 2, 20), noisy("0.5", 8, 21)]
    ((row,),) = folded(sweep(NOISE, jobs), expand=False)
    assert row.note == "latent_dim=8 best of 4 jobs in each of 2 tasks"
    assert row.metrics["test/psnr"] == 26
    ((row,),) = folded(sweep(NOISE, [*jobs[:3], noisy("0.5", 8, 19)]), expand=False)
    assert row.note == "4 jobs over 2 tasks"


def test_each_task_has_a_best_job():
    jobs = [noisy("0.1", 2, 30), noisy("0.1", 8, 31), noisy("0.5", 2, 21), noisy("0.5", 8, 20)]
    parent, *_ = reversed(rows := sweep(NOISE, jobs))
    assert [job.metrics["test/psnr"] for job in Sweep(parent, rows[:-1]).best_jobs] == [31, 21]
    parent, *_ = reversed(rows := sweep(AXES, [*JOBS, size_and_seed(16, 0, math.nan)]))
    assert [job.metrics["test/psnr"] for job in Sweep(parent, rows[:-1]).best_jobs] == [22]


def test_seeds_are_folded_into_mean_and_standard_deviation():
    first, second = grouped(sweep(AXES, JOBS), ["seed"])
    assert (first.runs, second.runs) == (2, 2)
    assert (first.metrics["test/psnr"], second.metrics["test/psnr"]) == (21, 11)
    assert first.spread["test/psnr"] == pytest.approx(math.sqrt(2))
    (column,) = Columns([first], [first]).chosen(["test/psnr"])
    assert column.text(first) == "21 ± 1.4"


def test_runs_that_differ_in_more_are_not_folded():
    rows = sweep(AXES, JOBS)
    assert len(grouped(rows, [])) == 4
    assert len(grouped(rows, ["model.latent_dim"])) == 2
    assert len(grouped(rows, ["model"])) == 2
    assert len(grouped(rows, ["seed", "model.latent_dim"])) == 1


def test_failed_runs_are_counted_in_the_state_and_not_in_the_mean():
    (row,) = grouped(sweep('["seed"]', [*JOBS[:2], size_and_seed(2, 2, 99, "FAILED")]), ["seed"])
    assert row.metrics["test/psnr"] == 11
    assert row.state == "1 failed, 2 finished"
    assert row.runs == 3


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (7200, "2 h"), (90000, "1 d"), (86400 * 400, "400 d")],
)
def test_ages(seconds, text):
    row = replace(Row.from_run(run_info("x")), begin=NOW.fromtimestamp(NOW.timestamp() - seconds))
    assert Columns([row], [row], NOW).chosen(["age"])[0].text(row) == text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("corruption=noise corruption.noise.std=0.3 trainer.epochs=5", "std=0.3 epochs=5"),
        ("model=unet trainer.epochs=3 trainer.epochs=5 …", "epochs=5"),
        ("model=unet", "model=unet"),
        ("my run x=1", "my run x=1"),
    ],
)
def test_names_that_were_derived_from_overrides_are_short(name, shown):
    row = Row.from_run(run_info(name, params={**MODEL, "corruption.noise.std": "0.3", "trainer.epochs": "5"}))
    assert Columns([row], [row]).chosen(["name"])[0].text(row) == shown


def test_what_all_runs_have_in_common_is_not_shown():
    runs = [
        run_info(f"epochs=2 seed={seed}", params={**MODEL, "trainer.epochs": "2", "seed": str(seed)}) for seed in (1, 2)
    ]
    rows = newest_first(*runs)
    settings, name = Columns(rows, rows).chosen(["settings", "name"])
    assert [settings.text(row) for row in rows] == ["seed=2", "seed=1"]
    assert [name.text(row) for row in rows] == ["seed=2", "seed=1"]


def test_comparisons_and_transfers_are_counted():
    made = [run_info("compare", "comparison"), run_info("compare", "comparison"), run_info("transfer", "transfer")]
    rows, said = without_comparisons(newest_first(run_info("first", params=MODEL), *made))
    assert [row.name for row in rows] == ["first"]
    assert said == "1 transfer and 2 comparisons"
    assert without_comparisons(rows) == (rows, "")
