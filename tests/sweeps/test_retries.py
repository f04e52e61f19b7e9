"""What becomes of the jobs of a process that dies."""

import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import pytest
from hydra.core.utils import JobReturn, JobStatus
from joblib.externals.loky.process_executor import TerminatedWorkerError
from omegaconf import OmegaConf

from aeexp.sweeps.jobs import Job
from aeexp.sweeps.retries import launcher_errors, run_with_retries

JOBS = {
    name: Job((f"seed={name}",), {"seed": name}, OmegaConf.create({"seed": name, "corruption": {}, "loss": {}}))
    for name in "abc"
}


class FakeRun:
    """The run of a sweep whose jobs take a state when they are launched."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}

    def end_children(self, status: str, keys: set[str]) -> set[str]:
        ended = {key for key, state in self.states.items() if state == "RUNNING" and key in keys}
        self.states |= dict.fromkeys(ended, status)
        return ended

    def finished_keys(self, since: int) -> set[str]:
        assert since > 10**12  # milliseconds
        return {key for key, state in self.states.items() if state == "FINISHED"}


def launching(run: FakeRun, *attempts: dict[str, str]) -> Callable[[Sequence[Sequence[str]]], list[JobReturn]]:
    """A launcher whose attempts leave the jobs in these states; one that leaves any running has died."""
    left = iter(attempts)

    def launch(overrides: Sequence[Sequence[str]]) -> list[JobReturn]:
        names = [words[0].removeprefix("seed=") for words in overrides]
        states = next(left)
        assert set(states) == set(names)
        run.states |= {name: state for name, state in states.items() if state in ("RUNNING", "FINISHED")}
        if not set(states.values()) <= {"FINISHED", "failed"}:
            raise TerminatedWorkerError(
                "A worker process was unexpectedly terminated.\nThe exit codes are {SIGKILL(-9)}"
            )
        return [returned("out of luck" if states[name] == "failed" else None) for name in names]

    return launch


def returned(value: str | None) -> JobReturn:
    returned = JobReturn(status=JobStatus.COMPLETED)
    returned.return_value = value
    return returned


def test_each_job_has_its_reason():
    run = FakeRun()
    launch = launching(run, {"a": "FINISHED", "b": "failed", "c": "FINISHED"})
    assert run_with_retries(launch, run, JOBS) == {"a": None, "b": "out of luck", "c": None}


def test_running_jobs_get_a_second_attempt(caplog):
    run = FakeRun()
    launch = launching(
        run,
        {"a": "FINISHED", "b": "RUNNING", "c": "waiting"},
        {"b": "FINISHED", "c": "FINISHED"},
    )
    assert run_with_retries(launch, run, JOBS) == {"a": None, "b": None, "c": None}
    assert "unexpectedly terminated" in caplog.text


def test_the_job_that_kills_twice_fails():
    run = FakeRun()
    launch = launching(
        run,
        {"a": "RUNNING", "b": "RUNNING", "c": "waiting"},
        {"a": "FINISHED", "b": "RUNNING", "c": "RUNNING"},
        {"c": "FINISHED"},
    )
    reasons = run_with_retries(launch, run, JOBS)
    assert reasons.pop("b") == "its worker died or never started (A worker process was unexpectedly terminated.)"
    assert reasons == {"a": None, "c": None}


def test_a_launcher_that_starts_nothing_fails_all():
    run = FakeRun()
    reasons = run_with_retries(launching(run, dict.fromkeys("abc", "waiting")), run, JOBS)
    assert all("never started" in reason for reason in reasons.values())


def test_any_other_error_is_raised():
    def launch(overrides: Sequence[Sequence[str]]) -> list[JobReturn]:
        raise TypeError("a mistake in the code")

    with pytest.raises(TypeError):
        run_with_retries(launch, FakeRun(), JOBS)


def test_errors_of_optional_launchers_are_known_once_they_are_loaded(monkeypatch):
    class RayError(Exception):
        """Stands for that of Ray."""

    monkeypatch.delitem(sys.modules, "ray.exceptions", raising=False)
    assert not issubclass(RayError, launcher_errors())
    monkeypatch.setitem(sys.modules, "ray.exceptions", SimpleNamespace(RayError=RayError))
    assert issubclass(RayError, launcher_errors())
