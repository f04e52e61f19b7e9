"""A sweep from its command to its report."""

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import joblib
from hydra.core.utils import JobReturn
from omegaconf import DictConfig
from rich.console import Console
from rich.markup import escape

from aeexp.config.paths import mlruns
from aeexp.errors import ConfigError, SweepFailedError
from aeexp.runtime.credentials import without_credentials
from aeexp.runtime.files import locked
from aeexp.runtime.notebook import in_notebook
from aeexp.sweeps.jobs import Job, Plan
from aeexp.sweeps.progress import show_progress
from aeexp.sweeps.repetitions import check_axes, describe_repetitions
from aeexp.sweeps.report import show_report
from aeexp.sweeps.retries import Reasons, run_with_retries
from aeexp.sweeps.sweep_run import SweepRun
from aeexp.sweeps.worker import SweepWorker, check
from aeexp.tracking.artifacts import figure_formats
from aeexp.tracking.mlflow.opening import open_mlflow
from aeexp.tracking.mlflow.tracker import MlflowTracker

Launch = Callable[[SweepWorker, Sequence[Sequence[str]]], Sequence[JobReturn]]
"""Runs a worker for the overrides of each job, and returns when all have ended."""


def is_of_older_version(plan: Plan, config: DictConfig) -> bool:
    """Whether the same command began a sweep under a version in which the validation images were the test images."""
    return SweepRun.is_of_older_version(open_mlflow(config.tracking, "records sweeps"), plan)


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

    def run(self, launch: Launch) -> tuple[SweepRun, MlflowTracker]:
        """Check all jobs, run those that have not finished before, and write the report.

        Returns:
            The sweep's own run, and the tracker that has recorded it.

        Raises:
            AeexpError: if any job is refused; none has started then.
            SweepFailedError: if some jobs failed.
        """
        check_axes(self.plan)
        if repetitions := describe_repetitions(self.plan):
            print(repetitions, flush=True)
        tracker = open_mlflow(self.config.tracking, "records sweeps")
        finished = set() if self.config.sweep.rerun else SweepRun.finished_before(tracker, self.plan)
        pending = self._pending(finished)
        self._check(list(pending.values()))
        with locked(Path(tracker.folder) / ".sweep.lock"):  # the same command may be started twice at once
            sweep_run = SweepRun.begin(tracker, self.plan, self.config.name)
        sweep_run.describe(["train", "-m", *self.arguments], self.config.sweep.metric, self.config.sweep.mode)
        with sweep_run.open():
            failures = self._run_jobs(sweep_run, pending, launch)
            if sweep_run.finished_keys():
                sweep = self.config.sweep
                formats = figure_formats(self.config.report)
                show_report(sweep_run, sweep.metric, sweep.mode, "sweep.mode", formats=formats, opened=self.config.open)
            if failures:
                _print_failures(failures)
                raise SweepFailedError(
                    f"{len(failures)} of {len(self.plan.different)} jobs failed; the same command tries them again."
                )
        return sweep_run, tracker

    def _pending(self, finished: set[str]) -> dict[str, Job]:
        """The jobs to run by their keys, each with its share of the cores."""
        jobs = [job for key, job in self.plan.different.items() if key not in finished]
        count = len(self.plan.different)
        cores = joblib.cpu_count()
        self.config.launch.jobs = self.config.launch.jobs or max(1, min(cores, len(jobs)))
        if not self._in_this_process and self.config.trainer.threads is None:
            threads = self.config.launch.threads or max(1, cores // self.config.launch.jobs)
            jobs = [job.on_threads(threads) for job in jobs]
        if len(jobs) < count:
            print(f"{count - len(jobs)} of {count} jobs have finished before", flush=True)
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
        launch_jobs = partial(launch, self._worker(sweep_run.parent))
        shown = show_progress(sweep_run, len(pending), len(self.plan.different), self.config.sweep.metric)
        if self._in_this_process:
            with shown if in_notebook() else nullcontext():
                returns = launch_jobs([job.overrides for job in pending.values()])
            reasons: Reasons = dict(zip(pending, [each.return_value for each in returns], strict=True))
        else:
            with shown:
                reasons = run_with_retries(launch_jobs, sweep_run, pending)
        return {pending[key].name: reason for key, reason in reasons.items() if reason}

    def _worker(self, parent: str) -> SweepWorker:
        quiet = in_notebook() or not self._in_this_process
        return SweepWorker(mlruns(self.config.home), os.getcwd(), parent, self.plan.axes, quiet)

    @property
    def _in_this_process(self) -> bool:
        return self.config.hydra.launcher._target_.endswith(".BasicLauncher")

    @property
    def _in_worker_processes(self) -> bool:
        return self.config.hydra.launcher._target_.endswith(".JoblibLauncher")


def launcher_processes(count: int) -> joblib.Parallel:
    """The processes that the joblib launcher is going to use, as joblib reuses them from one call to the next."""
    return joblib.Parallel(n_jobs=count, backend="loky", max_nbytes=None, mmap_mode="r")


def _print_failures(failures: dict[str, str]) -> None:
    for name, reason in failures.items():
        Console().print(escape(without_credentials(f"failed    {name}: {reason}")), soft_wrap=True)
