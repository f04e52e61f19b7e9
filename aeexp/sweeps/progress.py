"""What is seen of a sweep while its jobs run elsewhere."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from mlflow.entities import Run
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from aeexp.sweeps.sweep_run import ENDED, SweepRun
from aeexp.tracking.mlflow.liveness import Heartbeat

SECONDS_BETWEEN_LOOKS = 1.0
ROWS_SHOWN = 20


@dataclass(frozen=True)
class JobStatus:
    """A job at one moment."""

    name: str
    state: str
    epoch: int
    epochs: int
    loss: float | None
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        return self.seconds / self.epoch * (self.epochs - self.epoch) if self.epoch else None

    @property
    def cells(self) -> tuple[str, ...]:
        left = self.seconds_left
        loss = "" if self.loss is None else f"{self.loss:.4g}"
        time_left = "" if self.state != "RUNNING" or left is None else f"{left:.0f} s"
        return self.name, self.state.lower(), f"{self.epoch}/{self.epochs}", loss, time_left


class Progress:
    """Looks at the record every second: a live table on a terminal, a line for each change of state elsewhere.

    Args:
        record: of the sweep.
        started: how many jobs are to be seen.
        jobs: how many the sweep has in all.
    """

    def __init__(self, record: SweepRun, started: int, jobs: int) -> None:
        self._record = record
        self._started = started
        self._jobs = jobs
        self._before = {run.info.run_id for run in record.children(" and attributes.status != 'RUNNING'")}
        self._seen: dict[str, JobStatus] = {}
        self.console = Console()
        self.live = Live(console=self.console, refresh_per_second=2)

    def look(self) -> None:
        """Look once and show what has changed; only the newest runs can have."""
        newest = self._record.children(limit=2 * ROWS_SHOWN)
        for run in reversed([run for run in newest if run.info.run_id not in self._before]):
            self._show(run)
        if self.console.is_terminal:
            self.live.update(Group(self._table(), self.summary()))

    def _show(self, run: Run) -> None:
        before = self._seen.get(run.info.run_id)
        if before and before.state in ENDED:
            return
        now = self._seen[run.info.run_id] = self._see(run)
        if not self.console.is_terminal and (before is None or before.state != now.state):
            print(f"{now.state.lower():<9} {now.name}{_loss(now)}  ({self.summary()})", flush=True)

    def _see(self, run: Run) -> JobStatus:
        history = self._record.client.get_metric_history(run.info.run_id, "val/loss")
        last = max(history, key=lambda point: point.step, default=None)
        return JobStatus(
            name=run.info.run_name,
            state=run.info.status,
            epoch=last.step if last else 0,
            epochs=int(run.data.params.get("trainer.epochs", 0)),
            loss=last.value if last else None,
            seconds=time.time() - run.info.start_time / 1000,
        )

    def summary(self) -> str:
        """How many jobs are in which state."""
        states = [seen.state for seen in self._seen.values()]
        finished = self._jobs - self._started + states.count("FINISHED")
        failed = f", {states.count('FAILED')} failed" if "FAILED" in states else ""
        return f"{finished} of {self._jobs} finished{failed}"

    def _table(self) -> Table:
        table = Table("job", "state", "epoch", "val/loss", "left")
        latest = sorted(self._seen.values(), key=lambda seen: seen.state == "RUNNING", reverse=True)
        for seen in latest[:ROWS_SHOWN]:
            table.add_row(*seen.cells)
        return table


@contextmanager
def watch(record: SweepRun, keys: Collection[str], jobs: int) -> Iterator[None]:
    """Show what becomes of the jobs with these keys, of so many in all, while they run."""
    progress = Progress(record, len(keys), jobs)
    live = progress.live if progress.console.is_terminal else nullcontext()
    with live, Heartbeat(progress.look, SECONDS_BETWEEN_LOOKS):
        yield
    progress.look()


def _loss(seen: JobStatus) -> str:
    return "" if seen.loss is None else f"  val/loss {seen.loss:.4g}"
