"""A sweep from its command to its report."""

import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import joblib
from filelock import FileLock
from hydra.core.config_loader import ConfigLoader
from hydra.core.utils import JobReturn
from omegaconf import DictConfig
from rich.console import Console
from rich.table import Table

from aeexp.config.paths import mlruns
from aeexp.errors import ConfigError, SweepFailedError
from aeexp.sweeps.jobs import Job, Plan
from aeexp.sweeps.progress import show_progress
from aeexp.sweeps.report import show_report
from aeexp.sweeps.sweep_run import SweepRun
from aeexp.sweeps.worker import SweepWorker, check
from aeexp.tracking.mlflow.opening import open_mlflow

log = logging.getLogger(__name__)

OPTIONAL_ERRORS = {
    "ray.exceptions": ("RayError",),
    "submitit.core.utils": ("UncompletedJobError", "FailedSubmissionError"),
}
"""By module: the errors of a worker that died, or could not be started, of launchers that come with an extra."""

Launch = Callable[[SweepWorker, Sequence[Sequence[str]]], Sequence[JobReturn]]
"""Runs a worker for the overrides of each job, and returns when all have ended."""


@dataclass(frozen=True)
class Sweep:
    """All jobs of a command, and how they are run.

    Args:
        plan: the jobs.
        config: the master config, with Hydra's own part.
        arguments: the command as it was typed.
    """

    plan: Plan
    config: DictConfig
    arguments: tuple[str, ...]

    @classmethod
    def from_overrides(cls, arguments: Sequence[str], config: DictConfig, loader: ConfigLoader) -> "Sweep":
        """The sweep of a command.

        Raises:
            ConfigError: if nothing is swept, or over no values.
            HydraException: for an override that composes no config.
        """
        return cls(Plan.from_overrides(arguments, config, loader), config, tuple(arguments))

    def run(self, launch: Launch) -> None:
        """Check all jobs, run those that have not finished before, and write the report.

        Raises:
            AeexpError: if any job is refused; none has started then.
            SweepFailedError: if some jobs failed.
        """
        tracker = open_mlflow(self.config.tracking, "records sweeps")
        finished = set() if self.config.sweep.rerun else SweepRun.finished_before(tracker, self.plan)
        pending = self._pending(finished)
        self._check(list(pending.values()))
        with FileLock(Path(tracker.folder) / ".sweep.lock"):  # the same command may be started twice at once
            sweep_run = SweepRun.begin(tracker, self.plan, self.config.name)
        sweep_run.describe(["train", "-m", *self.arguments])
        with sweep_run.open():
            failures = self._run_jobs(sweep_run, pending, launch)
            if sweep_run.finished_keys():
                show_report(sweep_run, self.config.sweep.metric, self.config.sweep.mode)
            if failures:
                _print_failures(failures)
                raise SweepFailedError(
                    f"{len(failures)} of {len(self.plan.jobs)} jobs failed; the same command tries them again."
                )

    def _pending(self, finished: set[str]) -> dict[str, Job]:
        """The jobs to run by their keys, each with its share of the cores."""
        jobs = [job for job in self.plan.jobs if job.key not in finished]
        cores = joblib.cpu_count()
        self.config.launch.jobs = self.config.launch.jobs or max(1, min(cores, len(jobs)))
        if not self._in_this_process and self.config.trainer.threads is None:
            threads = self.config.launch.threads or max(1, cores // self.config.launch.jobs)
            jobs = [job.on_threads(threads) for job in jobs]
        if finished:
            print(f"{len(self.plan.jobs) - len(jobs)} of {len(self.plan.jobs)} jobs have finished before", flush=True)
        return {job.key: job for job in jobs}

    def _check(self, jobs: Sequence[Job]) -> None:
        """Refuse an invalid job before the first one starts; in the workers if there are any, which load TensorFlow."""
        workers = self.config.launch.jobs if self._in_worker_processes else 1
        parts = [jobs[start::workers] for start in range(workers)]
        calls = [(self._worker(""), [job.name for job in part], [job.config for job in part]) for part in parts if part]
        if self._in_worker_processes:
            messages = launcher_processes(workers)(joblib.delayed(check)(*call) for call in calls)
        else:
            messages = [check(*call) for call in calls]
        for message in filter(None, messages):
            raise ConfigError(message)

    def _run_jobs(self, sweep_run: SweepRun, pending: dict[str, Job], launch: Launch) -> dict[str, str]:
        """Run all jobs to their end.

        Returns:
            The reasons of the jobs that failed, by name.
        """
        if self._in_this_process:
            returns = launch(self._worker(sweep_run.parent), [job.overrides for job in pending.values()])
            reasons = dict(zip(pending, _reasons(returns), strict=True))
        else:
            with show_progress(sweep_run, len(pending), len(self.plan.jobs)):
                reasons = self._run_elsewhere(sweep_run, pending, launch)
        return {pending[key].name: reason for key, reason in reasons.items() if reason}

    def _run_elsewhere(self, sweep_run: SweepRun, pending: dict[str, Job], launch: Launch) -> dict[str, str | None]:
        """Run the jobs in other processes, again while there are some that a process took down with it.

        Returns:
            By key, why a job failed, or None.
        """
        start_time, interrupted = time.time_ns() // 10**6, set[str]()
        reasons = dict[str, str | None]()
        while todo := {key: job for key, job in pending.items() if key not in reasons}:
            try:
                returns = launch(self._worker(sweep_run.parent), [job.overrides for job in todo.values()])
                reasons |= zip(todo, _reasons(returns), strict=True)
            except launcher_errors() as error:
                log.warning("a process of the sweep died or did not start: %s", _first_line(error))
                killed = sweep_run.end_children("KILLED", set(todo))
                reasons |= dict.fromkeys(sweep_run.finished_keys(since=start_time) & set(todo))
                # One dead process ends all jobs that were running, so each of them gets a second attempt.
                failed = killed & interrupted if killed else set(todo)
                reasons |= dict.fromkeys(failed, f"its worker died or never started ({_first_line(error)})")
                interrupted |= killed
        return reasons

    def _worker(self, parent: str) -> SweepWorker:
        return SweepWorker(mlruns(), os.getcwd(), parent, self.plan.axes, quiet=not self._in_this_process)

    @property
    def _in_this_process(self) -> bool:
        return self.config.hydra.launcher._target_.endswith(".BasicLauncher")

    @property
    def _in_worker_processes(self) -> bool:
        return self.config.hydra.launcher._target_.endswith(".JoblibLauncher")


def launcher_processes(count: int) -> joblib.Parallel:
    """The processes that the joblib launcher is going to use, as joblib reuses them from one call to the next."""
    return joblib.Parallel(n_jobs=count, backend="loky", max_nbytes=None, mmap_mode="r")


def launcher_errors() -> tuple[type[Exception], ...]:
    """The errors that launchers raise if a process dies or cannot be started.

    Those of the launchers that are optional are looked up where the launcher has been loaded, as only it can raise
    them.
    """
    loaded = [(sys.modules[module], names) for module, names in OPTIONAL_ERRORS.items() if module in sys.modules]
    return (BrokenProcessPool, ConnectionError, *(getattr(module, name) for module, names in loaded for name in names))


def _reasons(returns: Sequence[JobReturn]) -> list[str | None]:
    """Why each job failed, or None; see `SweepWorker`."""
    return [each.return_value for each in returns]


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n")[0]


def _print_failures(failures: dict[str, str]) -> None:
    table = Table("failed job", "why")
    for name, reason in failures.items():
        table.add_row(name, reason)
    Console().print(table)
