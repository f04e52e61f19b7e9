"""Checkpoints: the state of a training between two epochs, from which it goes on with the same numbers."""

import json
import logging
import os
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from zipfile import BadZipFile

import numpy as np
from filelock import FileLock, Timeout

from aeexp.errors import DamagedRunError, RunBusyError
from aeexp.runtime.files import atomic_write, remove_parts

SECONDS_BETWEEN = 10.0
"""A kill costs at most this much training and one epoch; writing more often costs more than it saves."""


@dataclass(frozen=True)
class TrainingState:
    """State of a training after an epoch: all that the next one depends on, as draws depend on seed and epoch alone.

    Args:
        history: the metrics of each epoch so far.
        weights: of the model after the last epoch.
        best_weights: of the model after its best epoch.
        optimizer: the optimizer's variables.
        ended_by: what ended the training before its last epoch; None where nothing did. It is not stored.
    """

    history: list[dict[str, float]]
    weights: list[np.ndarray]
    best_weights: list[np.ndarray]
    optimizer: list[np.ndarray]
    ended_by: str | None = None

    def write(self, path: Path) -> None:
        """Write the whole file or none: an older one stays until the new one is complete.

        Raises:
            OSError: where there is no room, or the folder cannot be written to.
        """
        groups = {"weights": self.weights, "best_weights": self.best_weights, "optimizer": self.optimizer}
        arrays = {f"{name}_{place}": array for name, group in groups.items() for place, array in enumerate(group)}
        history = np.frombuffer(json.dumps(self.history).encode(), np.uint8)
        with atomic_write(path) as part, part.open("wb") as file:
            np.savez(file, history=history, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())

    def check(self, weights: Sequence[Any], optimizer: Sequence[Any]) -> None:
        """Refuse to go on with another network or another optimizer.

        Args:
            weights: of the network that is to go on, arrays or variables.
            optimizer: the variables of its optimizer.

        Raises:
            DamagedRunError: where the stored ones have other shapes.
        """
        if _shapes(self.weights) != _shapes(weights) or _shapes(self.optimizer) != _shapes(optimizer):
            raise DamagedRunError(
                "the stored state does not fit the network or the optimizer; was the config of the run edited? "
                "Put back what was there."
            )

    @classmethod
    def read(cls, path: Path) -> "TrainingState":
        """Read what `write` has written; each array carries a checksum.

        Raises:
            DamagedRunError: where the file is damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                weights, best, optimizer = (_group(file, name) for name in ("weights", "best_weights", "optimizer"))
                return cls(json.loads(file["history"].tobytes()), weights, best, optimizer)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
            raise DamagedRunError(
                f"'{path}' is damaged and no training can go on from it ({error}). Restore it from a copy, or "
                "delete it to have the run trained from its beginning."
            ) from error


def _shapes(arrays: Sequence[Any]) -> list[tuple[int, ...]]:
    return [tuple(array.shape) for array in arrays]


def _group(file: np.lib.npyio.NpzFile, name: str) -> list[np.ndarray]:
    count = sum(key.startswith(f"{name}_") and key[len(name) + 1 :].isdigit() for key in file.files)
    return [file[f"{name}_{place}"] for place in range(count)]


class Checkpoint:
    """Checkpoint file of a training. While it is open, no other process can train the same run.

    Args:
        path: of the file, on this machine.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(path.with_suffix(".lock"))
        self._written = time.monotonic()

    def __enter__(self) -> "Checkpoint":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise RunBusyError(f"run {self._path.stem} is being trained by another process; wait for it.") from error
        remove_parts(self._path)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)

    def keep(self, state: Callable[[], TrainingState]) -> None:
        """Write the state where the last one is old enough. A full disk does not end the training."""
        if time.monotonic() - self._written < SECONDS_BETWEEN:
            return
        try:
            state().write(self._path)
        except OSError as error:
            logging.warning("the checkpoint %s could not be written (%s); the training goes on", self._path, error)
        self._written = time.monotonic()

    def read(self) -> TrainingState | None:
        """The state that was kept last, if any."""
        return TrainingState.read(self._path) if self._path.exists() else None

    def remove(self) -> None:
        """Delete the file: the training has finished, and the run has the state."""
        self._path.unlink(missing_ok=True)
