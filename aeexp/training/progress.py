"""Progress bar of a training."""

import sys
import time
from collections.abc import Sequence
from typing import Any

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class ProgressBar(keras.callbacks.Callback):
    """Progress bar of a run: epoch, metrics, images per second, time left. Plain lines where there is no terminal.

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
        self._begin = time.perf_counter()
        print(f"training {self._name}", flush=True)  # above the bar, which has no room for it
        if self._bar.console.is_terminal:
            self._bar.start()
            self._task = self._bar.add_task("", total=self._epochs, metrics="", speed=0.0)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch, self._epoch_begin = epoch, time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if self._bar.live.is_started and logs:
            speed = logs["images"] / (time.perf_counter() - self._epoch_begin)
            self._bar.update(self._task, completed=self._epoch + logs["images"] / self._images, speed=speed)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        values = {name: f"{name} {logs[name]:.4g}" for name in self._shown if logs and name in logs}
        metrics = "  ".join(values.values())
        if self._bar.live.is_started:
            metrics = "  ".join(text for name, text in values.items() if not name.startswith("train/"))
            self._bar.update(self._task, completed=epoch + 1, metrics=metrics)
        else:
            now = time.perf_counter()
            seconds = (now - self._begin) / (epoch + 1) * (self._epochs - epoch - 1)
            left = f"  {seconds:.0f} s left" if epoch + 1 < self._epochs else ""
            speed = self._images / (now - self._epoch_begin)
            print(f"epoch {epoch + 1}/{self._epochs}  {metrics}  {speed:,.0f} images/s{left}", flush=True)

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar.live.is_started:  # or else it prints an empty line
            self._bar.stop()
