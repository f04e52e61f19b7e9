"""The contract of a tracker."""

import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aeexp.errors import AeexpError, OutcomeError
from aeexp.runtime.interrupts import deferred_interrupts
from aeexp.tracking.artifacts import Artifact
from aeexp.tracking.store import RunInfo, Series

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class DatasetSpec:
    """What is to be known of a data set: its name, a digest of its content, where it comes from, its shape."""

    name: str
    digest: str
    source: dict[str, Any]
    profile: dict[str, Any]


@dataclass(frozen=True)
class RunSpec:
    """What a run is known by, before it does anything.

    Args:
        name: shown in lists.
        params: the flattened config.
        tags: free text by name, such as the git commit.
        datasets: the splits in use, by context (`train`, `test`).
        texts: files by name, such as the composed config.
    """

    name: str
    params: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    datasets: dict[str, DatasetSpec] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


class ActiveRun(ABC):
    """A run under way. Nothing may be written after it has finished."""

    id: str
    location: str
    """The folder or address of its files."""
    epochs_written: int = 0
    """How many epochs it holds already, where it goes on after an interruption."""
    status_before: str | None = None
    """Where it goes on: the status that it takes again if it is refused."""

    @abstractmethod
    def write(self, item: Artifact, step: int | None = None) -> None:
        """Write one item; at a step (an epoch, counted from 1) where it is one of a series."""

    @abstractmethod
    def write_metrics(self, metrics: dict[str, float], step: int) -> None:
        """Write numbers at once: those of an epoch, counted from 1, or those of the whole run, at step 0."""

    @abstractmethod
    def write_text(self, text: str, name: str) -> None:
        """Write a text file."""

    @abstractmethod
    def write_file(self, path: Path, folder: str) -> None:
        """Copy a file into a folder of the run."""

    @abstractmethod
    def write_model(self, model: "keras.Model", example: np.ndarray) -> None:
        """Write the trained model, with a signature taken from an example batch."""

    @abstractmethod
    def finish(self, status: str) -> None:
        """Close the run as FINISHED, FAILED or KILLED."""


class Tracker(ABC):
    """Where runs are recorded. Trackers write, they compute nothing."""

    @abstractmethod
    def open(self) -> None:
        """Make sure that runs can be recorded.

        Raises:
            StoreUnreachableError: where the place cannot be written to or does not answer.
        """

    @abstractmethod
    def begin(self, details: RunSpec) -> ActiveRun:
        """Begin a run in an opened tracker."""

    @abstractmethod
    def resume(self, run_id: str) -> ActiveRun:
        """Go on with a recorded run."""

    @abstractmethod
    def find(self, selector: str, *, unfinished: bool = False) -> str:
        """The id of the recorded run that a selector means.

        Args:
            unfinished: whether `latest` may be a training that has not finished.

        Raises:
            RunNotFoundError: where none is meant, or more than one.
        """

    @abstractmethod
    def read_file(self, run_id: str, name: str, folder: Path) -> Path:
        """Fetch a file of a recorded run, such as `weights/last.weights.h5`, into a folder.

        Raises:
            FileMissingError: where the run has no such file.
        """

    @abstractmethod
    def recorded(self, run_id: str) -> RunInfo:
        """What is known of a run."""

    @abstractmethod
    def series(self, run_id: str) -> dict[str, Series]:
        """All values of each metric of a run."""

    @contextmanager
    def record(self, details: RunSpec, resumed: str | None = None) -> Iterator[ActiveRun]:
        """A new run, or the one of that id, that ends with the right status whatever happens inside.

        An interruption is taken where the code inside checks for it. A run that goes on and is refused, with any
        error but an `OutcomeError`, is left as it was.
        """
        with deferred_interrupts():
            run = self.begin(details) if resumed is None else self.resume(resumed)
            try:
                yield run
            except KeyboardInterrupt:
                run.finish("KILLED")
                raise
            except BaseException as error:
                if isinstance(error, AeexpError) and not isinstance(error, OutcomeError) and run.status_before:
                    run.finish(run.status_before)
                else:
                    run.write_text(traceback.format_exc(), "traceback.txt")
                    run.finish("FAILED")
                raise
            run.finish("FINISHED")
