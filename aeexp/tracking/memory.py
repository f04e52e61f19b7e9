"""A tracker that keeps everything in lists, for tests and notebooks."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from aeexp.errors import FileMissingError, RunNotFoundError
from aeexp.tracking.artifacts import Artifact, Scalar
from aeexp.tracking.store import RunInfo, Series
from aeexp.tracking.tracker import ActiveRun, RunSpec, Tracker

if TYPE_CHECKING:
    import keras


class MemoryRun(ActiveRun):
    """What was written, in order."""

    def __init__(self, details: RunSpec) -> None:
        self.id = self.location = uuid4().hex
        self.details = details
        self.items: list[tuple[Artifact, int | None]] = []
        self.metrics: dict[str, list[float]] = {}
        self.files: dict[str, bytes] = {name: text.encode() for name, text in details.texts.items()}
        self.model: keras.Model | None = None
        self.status = "RUNNING"
        self.begin = datetime.now()

    def write(self, item: Artifact, step: int | None = None) -> None:
        self.items.append((item, step))
        if isinstance(item, Scalar):
            self.metrics.setdefault(item.name, []).append(item.value)

    def write_metrics(self, metrics: dict[str, float], step: int) -> None:
        for name, value in metrics.items():
            self.metrics.setdefault(name, []).append(value)

    def write_text(self, text: str, name: str) -> None:
        self.files[name] = text.encode()

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

    def open(self) -> None:
        """Always open."""

    def begin(self, details: RunSpec) -> ActiveRun:
        run = MemoryRun(details)
        self.runs.append(run)
        return run

    def resume(self, run_id: str) -> ActiveRun:
        run = self._run(run_id)
        run.status_before = run.status
        run.epochs_written = len(run.metrics.get("val/loss", []))
        run.status = "RUNNING"
        return run

    def find(self, selector: str, *, unfinished: bool = False) -> str:
        """An id, or `latest`."""
        ids = [run.id for run in self.runs]
        if selector == "latest" and ids:
            return ids[-1]
        if selector not in ids:
            raise RunNotFoundError(f"run={selector}: there is no such run. Choose from {', '.join(ids) or 'none'}.")
        return selector

    def read_file(self, run_id: str, name: str, folder: Path) -> Path:
        files = self._run(run_id).files
        if name not in files:
            raise FileMissingError(f"run {run_id} has no file {name}.")
        path = folder / Path(name).name
        path.write_bytes(files[name])
        return path

    def recorded(self, run_id: str) -> RunInfo:
        run = self._run(run_id)
        return RunInfo(
            id=run.id,
            name=run.details.name,
            status=run.status,
            begin=run.begin,
            params={name: str(value) for name, value in run.details.params.items()},
            tags=run.details.tags,
            metrics={name: values[-1] for name, values in run.metrics.items()},
            digests={context: each.digest for context, each in run.details.datasets.items()},
        )

    def series(self, run_id: str) -> dict[str, Series]:
        run = self._run(run_id)
        return {name: dict(enumerate(values, 1)) for name, values in run.metrics.items()}

    def _run(self, run_id: str) -> MemoryRun:
        (run,) = (run for run in self.runs if run.id == run_id)
        return run
