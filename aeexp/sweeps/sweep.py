"""A sweep from its command to its report."""

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import joblib
from filelock import FileLock
from hydra.core.config_loader import ConfigLoader
from hydra.core.utils import JobReturn, JobStatus
from mlflow.utils.time import get_current_time_millis
from omegaconf import DictConfig
from rich.console import Console
from rich.table import Table

from aeexp.config.paths import mlruns
from aeexp.errors import ConfigError, SweepFailedError
from aeexp.sweeps.jobs import Job, Plan
from aeexp.sweeps.progress import watch
from aeexp.sweeps.report import show_report
from aeexp.sweeps.sweep_run import SweepRun
from aeexp.sweeps.worker import SweepWorker, check
from aeexp.tracking.mlflow.opening import open_mlflow

Launch = Callable[[SweepWorker, Sequence[Sequence[str]]], Sequence[JobReturn]]


@dataclass(frozen=True)
class Sweep:
    """All jobs of a command, and how they are to be run.

    Args:
        plan: the jobs.
        config: the master config, with Hydra's own part.
        arguments: the command as it was typed.
    """

    plan: Plan
    config: DictConfig
    arguments: tuple[str, ...]

    @classmethod
    def planned(cls, arguments: Sequence[str], config: DictConfig, loader: ConfigLoader) -> "Sweep":
        """Take a command apart.

        Raises:
            HydraException: for a word that composes no config.
        """
        return cls(Plan.of(arguments, config, loader), config, tuple(arguments))

    def run(self, launch: Launch) -> None:
        """Check all jobs, run those that are not done, and write the report.

        Raises:
            AeexpError: where any job is refused; none has begun then.
            SweepFailedError: where some jobs failed.
        """
        tracker = open_mlflow(self.config.tracking, "records sweeps")
        done = set() if self.config.sweep.rerun else SweepRun.finished_before(tracker, self.plan)
        waiting = self._waiting(done)
        self._check(list(waiting.values()))
        with FileLock(Path(tracker.folder) / ".sweep.lock"):  # for the same command may be given twice at once
            record = SweepRun.begin(tracker, self.plan, self.config.name)
        record.describe(["train", "-m", *self.arguments])
        with record.open():
            failures = self._run_jobs(record, waiting, launch)
            if record.finished_keys():
                show_report(record, self.config.sweep.metric, self.config.sweep.mode)
            if failures:
                _print_failures(failures)
                raise SweepFailedError(
                    f"{len(failures)} of {len(self.plan.jobs)} jobs failed; the same command tries them again."
                )

    def _waiting(self, done: set[str]) -> dict[str, Job]:
        """The jobs to run by their keys, each on its share of the cores."""
        jobs = [job for job in self.plan.jobs if job.key not in done]
        cores = joblib.cpu_count()
        self.config.launch.jobs = self.config.launch.jobs or max(1, min(cores, len(jobs)))
        if not self._in_this_process and self.config.trainer.threads is None:
            threads = self.config.launch.threads or max(1, cores // self.config.launch.jobs)
            jobs = [job.on_threads(threads) for job in jobs]
        if done:
            print(f"{len(self.plan.jobs) - len(jobs)} of {len(self.plan.jobs)} jobs have finished before", flush=True)
        return {job.key: job for job in jobs}

    def _check(self, jobs: Sequence[Job]) -> None:
        """Refuse a bad job before the first one starts; in the workers to be, as they need TensorFlow anyway."""
        workers = self.config.launch.jobs if self._in_worker_processes else 1
        parts = [jobs[start::workers] for start in range(workers)]
        calls = [(self._work(""), [job.name for job in part], [job.config for job in part]) for part in parts if part]
        if self._in_worker_processes:
            found = same_workers(workers)(joblib.delayed(check)(*call) for call in calls)
        else:
            found = [check(*call) for call in calls]
        for message in filter(None, found):
            raise ConfigError(message)

    def _run_jobs(self, record: SweepRun, waiting: dict[str, Job], launch: Launch) -> dict[str, str]:
        """Run all jobs to their end.

        Returns:
            Why those that failed did, by name.
        """
        work, torn = self._work(record.parent), set[str]()
        begin, reasons = get_current_time_millis(), dict[str, str | None]()
        with nullcontext() if self._in_this_process else watch(record, waiting, len(self.plan.jobs)):
            while todo := {key: job for key, job in waiting.items() if key not in reasons}:
                try:
                    returns = launch(work, [job.overrides for job in todo.values()])
                    reasons |= zip(todo, map(_reason, returns), strict=True)
                except Exception as error:  # a worker died and took the launcher with it
                    ended = record.end_children("KILLED", set(todo))
                    reasons |= dict.fromkeys(record.finished_keys(since=begin) & set(todo))
                    # Those that were under way get a second chance: most of them are innocent.
                    lost = ended & torn if ended else set(todo)
                    reasons |= dict.fromkeys(lost, f"its worker died or never started ({_first_line(error)})")
                    torn |= ended
        return {waiting[key].name: reason for key, reason in reasons.items() if reason}

    def _work(self, parent: str) -> SweepWorker:
        return SweepWorker(mlruns(), os.getcwd(), parent, self.plan.axes, quiet=not self._in_this_process)

    @property
    def _in_this_process(self) -> bool:
        return self.config.hydra.launcher._target_.endswith(".BasicLauncher")

    @property
    def _in_worker_processes(self) -> bool:
        return self.config.hydra.launcher._target_.endswith(".JoblibLauncher")


def same_workers(count: int) -> joblib.Parallel:
    """The processes that the joblib launcher is going to use: joblib keeps them from one call to the next."""
    return joblib.Parallel(n_jobs=count, backend="loky", max_nbytes=None, mmap_mode="r")


def _reason(job: JobReturn) -> str | None:
    """Why a job failed, or None."""
    value = job._return_value
    return value if job.status == JobStatus.COMPLETED else f"{type(value).__name__}: {value}"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n")[0]


def _print_failures(failures: dict[str, str]) -> None:
    table = Table("failed job", "why")
    for name, reason in failures.items():
        table.add_row(name, reason)
    Console().print(table)
