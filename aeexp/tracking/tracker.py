"""The contract of a tracker: runs are recorded there."""

import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aeexp.errors import AeexpError, OutcomeError
from aeexp.runtime.credentials import redacted, without_credentials
from aeexp.runtime.interrupts import deferred_interrupts, note_run
from aeexp.tracking.artifacts import Artifact
from aeexp.tracking.store import RunStore

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class DatasetSpec:
    """A data set as it is recorded: its name, a digest of its content, its config and its shape."""

    name: str
    digest: str
    source: dict[str, Any]
    profile: dict[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", redacted(self.source))


@dataclass(frozen=True)
class RunSpec:
    """What is known of a run before it begins, without the credentials that may stand in it.

    Args:
        name: shown in lists.
        params: the settings by which runs are compared.
        tags: free text by name, such as the git commit.
        datasets: the splits in use, by context (`train`, `test`).
        texts: files by name, such as the composed config.
    """

    name: str
    params: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    datasets: dict[str, DatasetSpec] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("name", "params", "tags", "texts"):
            object.__setattr__(self, name, redacted(getattr(self, name)))


class ActiveRun(ABC):
    """A run that is being recorded. Nothing may be written after it has finished."""

    id: str
    location: str
    """The folder or address of its files."""
    epochs_written: int = 0
    """The last epoch whose metrics a resumed run holds already."""
    status_before: str | None = None
    """The status that a resumed run is given back if it is refused; None in a new run."""

    @abstractmethod
    def write(self, item: Artifact, step: int | None = None) -> None:
        """Write one item; at a step (an epoch, counted from 1) where it is one of a series."""

    @abstractmethod
    def write_metrics(self, metrics: dict[str, float], step: int) -> None:
        """Write several metrics: those of an epoch, counted from 1, or those of the whole run, at step 0."""

    @abstractmethod
    def write_tags(self, tags: dict[str, str]) -> None:
        """Set tags, in place of earlier ones of the same names."""

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
    """Records runs. It only writes; what it has written is read from its `store`."""

    @property
    @abstractmethod
    def store(self) -> RunStore:
        """The recorded runs."""

    @abstractmethod
    def open(self, *, to_write: bool = True) -> None:
        """Make sure that runs can be recorded, or else that those in the store can be read.

        Raises:
            ConfigError: where the address of the store cannot be one, or its experiment was deleted.
            StoreUnreachableError: where the store does not answer, or cannot be written to.
        """

    @abstractmethod
    def begin(self, spec: RunSpec) -> ActiveRun:
        """Begin a run in an opened tracker."""

    @abstractmethod
    def resume(self, run_id: str) -> ActiveRun:
        """Continue a recorded run in an opened tracker.

        Raises:
            RunNotFoundError: where there is no such run.
            RunBusyError: where the run is still at work.
        """

    @contextmanager
    def record(self, spec: RunSpec, resumed: str | None = None) -> Iterator[ActiveRun]:
        """A new run, or the one with the id `resumed`, that ends with the right status whatever happens inside.

        An interruption takes effect where the code inside checks for it. A resumed run that is refused, with any
        error but an `OutcomeError`, is left as it was.
        """
        run: ActiveRun | None = None
        try:
            with deferred_interrupts():
                run = self.begin(spec) if resumed is None else self.resume(resumed)
                with _ending(run):
                    yield run
        except BaseException as error:
            if run is not None:
                note_run(error, run.id)
            raise


@contextmanager
def _ending(run: ActiveRun) -> Iterator[None]:
    """Finishes a run with the status that the block ends with."""
    try:
        yield
    except KeyboardInterrupt:
        run.finish("KILLED")
        raise
    except BaseException as error:
        if isinstance(error, AeexpError) and not isinstance(error, OutcomeError) and run.status_before:
            run.finish(run.status_before)
        else:
            run.write_text(without_credentials(traceback.format_exc()), "traceback.txt")
            run.finish("FAILED")
        raise
    run.finish("FINISHED")
