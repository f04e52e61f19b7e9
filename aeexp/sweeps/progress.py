"""The progress of a sweep whose jobs run in other processes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from mlflow.entities import Run
from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from aeexp.runtime.notebook import ReplacedOutput, html_table, in_notebook, progress_bar
from aeexp.sweeps.sweep_run import ENDED, SweepRun
from aeexp.tracking.mlflow.liveness import Heartbeat

SECONDS_BETWEEN_REFRESHES = 1.0
MAX_ROWS = 20


@dataclass(frozen=True)
class JobStatus:
    """The state of a job at one moment."""

    name: str
    state: str
    epoch: int
    epochs: int
    score: float | None
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        return self.seconds / self.epoch * (self.epochs - self.epoch) if self.epoch else None

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row in the table."""
        left = self.seconds_left
        score = "" if self.score is None else f"{self.score:.4g}"
        time_left = "" if self.state != "RUNNING" or left is None else f"{left:.0f} s"
        return self.name, self.state.lower(), f"{self.epoch}/{self.epochs}", score, time_left


class Progress:
    """The progress of the jobs: a live table on a terminal and in a notebook, elsewhere a line for each new state.

    Args:
        sweep_run: the run of the sweep.
        started: how many jobs are going to run.
        jobs: how many the sweep has in all.
        metric: by which they are compared.
    """

    def __init__(self, sweep_run: SweepRun, started: int, jobs: int, metric: str) -> None:
        self._sweep_run = sweep_run
        self._started = started
        self._jobs = jobs
        self._metric = metric
        self._earlier = {run.info.run_id for run in sweep_run.children(" and attributes.status != 'RUNNING'")}
        self._statuses: dict[str, JobStatus] = {}
        self.output = ReplacedOutput() if in_notebook() else None
        self.console = Console()
        self.live = Live(console=self.console, refresh_per_second=2)

    def refresh(self) -> None:
        """Read the states of the jobs and show what has changed."""
        newest = self._sweep_run.children(limit=2 * MAX_ROWS)  # the others have ended
        for run in reversed([run for run in newest if run.info.run_id not in self._earlier]):
            self._update(run)
        if self.output is not None:
            self.output.show(self._html())
        elif self.console.is_terminal:
            self.live.update(Group(self._table(), self.summary()))

    def _update(self, run: Run) -> None:
        before = self._statuses.get(run.info.run_id)
        if before and before.state in ENDED:
            return
        now = self._statuses[run.info.run_id] = self._status(run)
        is_shown = self.console.is_terminal or self.output is not None
        if not is_shown and (before is None or before.state != now.state):
            print(f"{now.state.lower():<9} {now.name}{self._score(now)}  ({self.summary()})", flush=True)

    def _status(self, run: Run) -> JobStatus:
        history = self._sweep_run.client.get_metric_history(run.info.run_id, "val/loss")
        last = max(history, key=lambda point: point.step, default=None)
        return JobStatus(
            name=run.info.run_name,
            state=run.info.status,
            epoch=last.step if last else 0,
            epochs=int(run.data.params.get("trainer.epochs", 0)),
            score=run.data.metrics.get(self._metric),
            seconds=time.time() - run.info.start_time / 1000,
        )

    def _score(self, status: JobStatus) -> str:
        return "" if status.score is None else f"  {self._metric} {status.score:.4g}"

    def summary(self) -> str:
        """How many jobs are in which state."""
        states = [status.state for status in self._statuses.values()]
        finished = self._jobs - self._started + states.count("FINISHED")
        failed = f", {states.count('FAILED')} failed" if "FAILED" in states else ""
        return f"{finished} of {self._jobs} finished{failed}"

    @property
    def _columns(self) -> tuple[str, ...]:
        return "job", "state", "epoch", self._metric, "left"

    def _rows(self) -> list[tuple[str, ...]]:
        running_first = sorted(self._statuses.values(), key=lambda status: status.state == "RUNNING", reverse=True)
        return [status.cells for status in running_first[:MAX_ROWS]]

    def _table(self) -> Table:
        table = Table(*map(escape, self._columns))
        for cells in self._rows():
            table.add_row(*map(escape, cells))
        return table

    def _html(self) -> str:
        done = sum(status.state in ENDED for status in self._statuses.values()) + self._jobs - self._started
        return progress_bar(done / self._jobs, self.summary()) + html_table(self._columns, self._rows())


@contextmanager
def show_progress(sweep_run: SweepRun, started: int, jobs: int, metric: str) -> Iterator[None]:
    """Show the progress of the jobs inside the `with`: so many are started, of so many in all."""
    progress = Progress(sweep_run, started, jobs, metric)
    live = progress.live if progress.console.is_terminal else nullcontext()
    with live:
        with Heartbeat(progress.refresh, SECONDS_BETWEEN_REFRESHES):
            yield
        progress.refresh()  # while it is shown, so that what stays on the terminal is the end
