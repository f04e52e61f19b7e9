"""Jobs of a sweep that are compared, and the remarks on the others."""

from itertools import count
from types import SimpleNamespace
from typing import Any

from aeexp.sweeps.compared_jobs import ComparedJobs
from aeexp.tracking.tags import CHANGED_TAG

NUMBERS = count(1)
SWEPT = ("model.latent_dim",)


def job(size: int, status: str = "FINISHED", changed: str = "", epochs: int = 2) -> Any:
    params = {"model.latent_dim": str(size), "trainer.epochs": str(epochs)}
    info = SimpleNamespace(run_id=f"{next(NUMBERS):08x}{0:024x}", run_name=f"latent_dim={size}", status=status)
    tags = {CHANGED_TAG: f"after epoch 2: {changed}"} if changed else {}
    return SimpleNamespace(info=info, data=SimpleNamespace(params=params, tags=tags))


def among(*jobs: Any) -> ComparedJobs:
    return ComparedJobs.among(jobs, SWEPT)


def test_of_each_point_the_newest_finished_job_is_compared():
    newest, failed, older, other = job(2), job(2, "FAILED"), job(2), job(4)
    jobs = among(newest, failed, older, other)
    assert (jobs.compared, jobs.missing, jobs.moved) == ([newest, other], [], [])
    assert jobs.remarks == ()


def test_jobs_that_have_not_finished_are_named():
    jobs = among(job(2), *(job(size, "FAILED") for size in (3, 4, 5, 6)), job(7, "RUNNING"))
    assert jobs.remarks == (
        "Not compared, since they have not finished: 4 failed (latent_dim=3, latent_dim=4, latent_dim=5, …); "
        "1 running (latent_dim=7).",
    )


def test_jobs_that_were_trained_for_longer_are_named_unless_all_were():
    longer = "trainer.epochs 2 -> 6"
    (remark,) = among(odd := job(2, changed=longer), job(4)).remarks
    assert remark.startswith("Compared, although resumed with settings that other jobs do not have: ")
    assert remark.endswith(f": {odd.info.run_id[:8]} trainer.epochs=6.")
    assert among(job(2, changed=longer), job(4, changed=longer)).remarks == ()
    assert among(job(2, changed=longer), job(4, epochs=6)).remarks == ()


def test_a_job_that_went_on_at_another_point_is_left_out_and_named():
    jobs = among(moved := job(2, changed="model.latent_dim 2 -> 8"), kept := job(4))
    assert (jobs.compared, jobs.moved) == ([kept], [moved])
    assert jobs.remarks[0].endswith(f"another value of a swept key: {moved.info.run_id[:8]} model.latent_dim=8.")
