"""Progress bar of a training."""

import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aeexp.runtime.notebook import ReplacedOutput, in_notebook, progress_bar

SECONDS_BETWEEN_UPDATES = 0.25
"""Of a notebook, which is sent each of them."""


class ProgressBar(keras.callbacks.Callback):
    """Progress bar of a run: epoch, metrics, images per second, time left; a subclass for each place to show it.

    Args:
        name: of the run.
        epochs: in all.
        images: in an epoch.
        shown: names of the metrics of an epoch that are shown.
    """

    def __init__(self, name: str, epochs: int, images: int, shown: Sequence[str]) -> None:
        super().__init__()
        self._name = name
        self._shown = shown
        self._epochs = epochs
        self._images = images

    def on_train_begin(self, logs: Any = None) -> None:
        self._begin = time.perf_counter()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch, self._epoch_begin = epoch, time.perf_counter()

    def _values(self, logs: dict[str, float] | None) -> dict[str, str]:
        """The shown metrics of an epoch by their names, in words."""
        return {name: f"{name} {logs[name]:.4g}" for name in self._shown if logs and name in logs}

    def _speed(self, images: float) -> float:
        """Images per second, of so many in this epoch."""
        return images / (time.perf_counter() - self._epoch_begin)

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left to close where nothing is held open."""


class ProgressLines(ProgressBar):
    """Progress as a line an epoch, for output that is kept in a file."""

    def on_train_begin(self, logs: Any = None) -> None:
        super().on_train_begin()
        print(f"training {self._name}", flush=True)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        seconds = (time.perf_counter() - self._begin) / (epoch + 1) * (self._epochs - epoch - 1)
        left = f"  {seconds:.0f} s left" if epoch + 1 < self._epochs else ""
        metrics, speed = "  ".join(self._values(logs).values()), self._speed(self._images)
        print(f"epoch {epoch + 1}/{self._epochs}  {metrics}  {speed:,.0f} images/s{left}", flush=True)


class TerminalBar(ProgressBar):
    """Progress bar of a terminal."""

    def __init__(self, name: str, epochs: int, images: int, shown: Sequence[str]) -> None:
        super().__init__(name, epochs, images, shown)
        self._bar = Progress(
            BarColumn(),
            TextColumn("epoch"),
            MofNCompleteColumn(),
            TextColumn("{task.fields[metrics]}"),
            TextColumn("{task.fields[speed]:,.0f} images/s"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=Console(file=sys.stdout),
        )

    def on_train_begin(self, logs: Any = None) -> None:
        super().on_train_begin()
        print(f"training {self._name}", flush=True)  # above the bar, which has no room for it
        self._bar.start()
        self._task = self._bar.add_task("", total=self._epochs, metrics="", speed=0.0)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if logs:
            completed = self._epoch + logs["images"] / self._images
            self._bar.update(self._task, completed=completed, speed=self._speed(logs["images"]))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        metrics = "  ".join(text for name, text in self._values(logs).items() if not name.startswith("train/"))
        self._bar.update(self._task, completed=epoch + 1, metrics=metrics)

    def __exit__(self, *_: object) -> None:
        if self._bar.live.is_started:  # or else it prints an empty line
            self._bar.stop()


class NotebookBar(ProgressBar):
    """Progress bar of a notebook, which keeps the last state of it."""

    def __init__(self, name: str, epochs: int, images: int, shown: Sequence[str]) -> None:
        super().__init__(name, epochs, images, shown)
        self._output, self._metrics, self._last = ReplacedOutput(), "", 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        super().on_train_begin()
        self._show(0, "")

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if logs and time.perf_counter() - self._last > SECONDS_BETWEEN_UPDATES:
            self._show(self._epoch + logs["images"] / self._images, f"{self._speed(logs['images']):,.0f} images/s")

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._metrics = "  ".join(self._values(logs).values())
        self._show(epoch + 1, f"{self._speed(self._images):,.0f} images/s")

    def _show(self, completed: float, speed: str) -> None:
        self._last = time.perf_counter()
        duration = timedelta(seconds=round(self._last - self._begin))
        parts = (self._name, f"epoch {int(completed)}/{self._epochs}", self._metrics, speed, str(duration))
        self._output.show(progress_bar(completed / self._epochs, " · ".join(filter(None, parts))))


def progress_display() -> type[ProgressBar]:
    """The progress bar for where this program prints: a notebook, a terminal, or neither."""
    if in_notebook():
        return NotebookBar
    return TerminalBar if Console(file=sys.stdout).is_terminal else ProgressLines
