"""Callbacks that record a training in its run."""

import time
from collections.abc import Callable, Sequence

import keras

from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import mosaic
from aeexp.reports.report import Report
from aeexp.runs.page import Picture, RunPage
from aeexp.tracking.tracker import ActiveRun

FIRST_PICTURES = 0.25
"""The part of the first epoch after which the page has pictures."""

SECONDS_BETWEEN_PAGES = 5.0

Evaluate = Callable[[], EvaluationResult]


class EpochMetrics(keras.callbacks.Callback):
    """Metrics of each epoch, written to the run once; epochs count from 1."""

    def __init__(self, run: ActiveRun) -> None:
        super().__init__()
        self._run = run

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        if epoch >= self._run.epochs_written:
            self._run.write_metrics(dict(logs or {}), epoch + 1)


class ProgressImages(keras.callbacks.Callback):
    """Images of the progress: reports draw the probe images after the first epoch and every few."""

    def __init__(self, reports: Sequence[Report], evaluate_probes: Evaluate, run: ActiveRun) -> None:
        super().__init__()
        self._reports = reports
        self._evaluate_probes = evaluate_probes
        self._run = run

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        due = [report for report in self._reports if report.every and (epoch == 0 or (epoch + 1) % report.every == 0)]
        if due and epoch >= self._run.epochs_written:
            evaluation = self._evaluate_probes()
            for item in (item for report in due for item in report.progress(evaluation)):
                self._run.write(item, step=epoch + 1)


class LivePage(keras.callbacks.Callback):
    """The page of the run while it trains: within the first epoch, and then every few seconds at the end of an epoch.

    Args:
        page: of the run.
        evaluate_probes: gives the pictures.
        epochs: in all.
        images: in an epoch.
        announce: is told where the page is, as soon as it has pictures.
    """

    def __init__(
        self, page: RunPage, evaluate_probes: Evaluate, epochs: int, images: int, announce: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._page = page
        self._evaluate_probes = evaluate_probes
        self._epochs = epochs
        self._images = images
        self._announce = announce
        self._written: float | None = None

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if self._written is None and logs and logs["images"] >= FIRST_PICTURES * self._images:
            self._write({}, f"after {logs['images']} images of the first of {self._epochs} epochs")
            self._announce(self._page.location)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        if self._written is not None and time.monotonic() - self._written > SECONDS_BETWEEN_PAGES:
            self._write(logs or {}, f"after epoch {epoch + 1} of {self._epochs}")

    def _write(self, metrics: dict[str, float], state: str) -> None:
        probes = self._evaluate_probes()
        rows = [probes.inputs, probes.outputs["reconstruction"], probes.targets]
        picture = Picture.from_pixels("So far", mosaic(rows), "From top to bottom: input, reconstruction, target.")
        self._page.write(metrics, [picture], state)
        self._written = time.monotonic()
