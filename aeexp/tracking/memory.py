"""A tracker and its store in memory, for tests and notebooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from aeexp.errors import ConfigError, FileMissingError, RunBusyError
from aeexp.tracking.artifacts import Artifact, FigureArtifact, Scalar
from aeexp.tracking.selectors import best_first, find_among, unknown
from aeexp.tracking.store import Files, RunInfo, Runs, RunStore, Series, check_limit, is_higher_better
from aeexp.tracking.tracker import ActiveRun, RunSpec, Tracker

if TYPE_CHECKING:
    import keras


class MemoryRun(ActiveRun):
    """All that was written to a run."""

    def __init__(self, spec: RunSpec) -> None:
        self.id = self.location = uuid4().hex
        self.spec = spec
        self.tags = dict(spec.tags)
        self.items: list[tuple[Artifact, int | None]] = []
        self.history: dict[str, Series] = {}
        self.files: dict[str, bytes] = {
            name: text.encode(errors="backslashreplace") for name, text in spec.texts.items()
        }
        self.model: keras.Model | None = None
        self.status = "RUNNING"
        self.begin = datetime.now()

    @property
    def metrics(self) -> dict[str, list[float]]:
        """The values of each metric in the order of their steps."""
        return {name: [series[step] for step in sorted(series)] for name, series in self.history.items()}

    def write(self, item: Artifact, step: int | None = None) -> None:
        self.items.append((item, step))
        if isinstance(item, FigureArtifact) and step is None:
            self.files[f"figures/{item.name}.png"] = item.render("png")
        if isinstance(item, Scalar):
            self.write_metrics({item.name: item.value}, step or 0)

    def write_metrics(self, metrics: dict[str, float], step: int) -> None:
        for name, value in metrics.items():
            self.history.setdefault(name, {})[step] = value

    def write_tags(self, tags: dict[str, str]) -> None:
        self.tags |= tags

    def write_text(self, text: str, name: str) -> None:
        self.files[name] = text.encode(errors="backslashreplace")

    def write_file(self, path: Path, folder: str) -> None:
        self.files[f"{folder}/{path.name}"] = path.read_bytes()

    def write_model(self, model: "keras.Model", example: np.ndarray) -> None:
        self.model = model

    def finish(self, status: str) -> None:
        self.status = status


@dataclass(frozen=True)
class MemoryTracker(Tracker):
    """Keeps runs as long as the process lives."""

    @cached_property
    def runs(self) -> list[MemoryRun]:
        """All runs, in the order of their beginning."""
        return []

    @property
    def store(self) -> "MemoryStore":
        return MemoryStore(self.runs)

    def open(self, *, to_write: bool = True) -> None:
        """Always open."""

    def begin(self, spec: RunSpec) -> ActiveRun:
        run = MemoryRun(spec)
        self.runs.append(run)
        return run

    def resume(self, run_id: str) -> ActiveRun:
        run = self.store.run(run_id)
        if run.status == "RUNNING":
            raise RunBusyError(f"run {run_id} is at work in this process; finish it first.")
        run.status_before, run.status = run.status, "RUNNING"
        run.epochs_written = max(run.history.get("val/loss", {}), default=0)
        return run


@dataclass(frozen=True)
class MemoryStore(RunStore):
    """Queries over runs in memory.

    Args:
        runs: in the order of their beginning.
    """

    runs: Sequence[MemoryRun]

    def run(self, run_id: str) -> MemoryRun:
        """The run with an id.

        Raises:
            RunNotFoundError: where there is none.
        """
        for run in self.runs:
            if run.id == run_id:
                return run
        raise unknown(run_id)

    def find(self, selector: str, *, unfinished: bool = False) -> str:
        return find_among(self._newest_first(), selector, unfinished=unfinished).id

    def list(self, condition: str = "", sort: str | None = None, limit: int = 1000) -> Runs:
        check_limit(limit)
        if condition:
            raise ConfigError(
                f"filter: the memory store has no filter. Received filter={condition}; leave it empty, or use "
                "tracking=mlflow."
            )
        runs = self._newest_first()
        return (runs if sort is None else best_first(runs, sort))[:limit]

    def info(self, run_id: str) -> RunInfo:
        run = self.run(run_id)
        return RunInfo(
            id=run.id,
            name=run.spec.name,
            status=run.status,
            begin=run.begin,
            params={name: str(value) for name, value in run.spec.params.items()},
            tags=dict(run.tags),
            metrics={name: series[max(series)] for name, series in run.history.items()},
            digests={context: each.digest for context, each in run.spec.datasets.items()},
        )

    def metric_history(self, run_id: str) -> dict[str, Series]:
        return {name: dict(series) for name, series in self.run(run_id).history.items()}

    def read_file(self, run_id: str, name: str, folder: Path) -> Path:
        files = self.run(run_id).files
        if name not in files:
            raise FileMissingError(f"run {run_id} has no file {name}.")
        path = folder / Path(name).name
        path.write_bytes(files[name])
        return path

    def list_files(self, run_id: str, folder: str) -> Files:
        return [name for name in self.run(run_id).files if name.startswith(f"{folder}/")]

    def higher_is_better(self, metric: str) -> bool:
        having = (run.tags for run in reversed(self.runs) if metric in run.history)
        return is_higher_better(metric, next(having, {}))

    def _newest_first(self) -> Runs:
        return [self.info(run.id) for run in reversed(self.runs)]
