"""Callbacks that record a training in its run."""

from collections.abc import Callable, Sequence

import keras

from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.report import Report
from aeexp.tracking.tracker import ActiveRun


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

    def __init__(
        self, reports: Sequence[Report], evaluate_probes: Callable[[], EvaluationResult], run: ActiveRun
    ) -> None:
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
