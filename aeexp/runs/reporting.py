"""Metrics, reports and the page of an evaluation, written to its run."""

import logging
import math
from collections.abc import Sequence
from dataclasses import replace

from aeexp.baselines.comparison import BaselineSuite
from aeexp.evaluation.result import EvaluationResult
from aeexp.evaluation.statistics import with_intervals
from aeexp.reports.report import Report
from aeexp.runs.description import DESCRIPTION_TAG, description
from aeexp.runs.next_steps import next_steps
from aeexp.runs.page import Picture, RunPage
from aeexp.runtime.interrupts import check_interrupt
from aeexp.tracking.artifacts import ArraysArtifact, FigureArtifact, Scalar

log = logging.getLogger(__name__)

PER_IMAGE = "per_image"
"""The file of the metrics of each image, by which runs are compared in pairs."""


def write_reports(
    evaluation: EvaluationResult,
    baselines: BaselineSuite,
    reports: Sequence[Report],
    page: RunPage,
    state: str,
    formats: tuple[str, ...],
) -> dict[str, float]:
    """Write each metric and PSNR as `test/…` with intervals over the images, the baselines, the reports and the page.

    Args:
        state: how far the run is, for its page.
        formats: of the files of the figures.

    Returns:
        The metrics, those of the last epoch and of the reports among them.
    """
    restored, compared = baselines.evaluate(evaluation := evaluation.with_psnr())
    per_image = {name: evaluation.metrics[name] for name in evaluation.metric_functions} | evaluation.of_densities
    metrics = {f"test/{name}": value for name, value in evaluation.split_metrics.items()} | compared
    metrics = with_intervals({f"test/{name}": values for name, values in per_image.items()}) | metrics
    page.run.write_metrics(_warned_of(metrics), step=0)
    page.run.write(ArraysArtifact(PER_IMAGE, {"index": evaluation.indices, **per_image}))
    pictures: list[Picture] = []
    for report in reports:
        check_interrupt()
        for artifact in report(replace(evaluation, baselines=restored)):
            match artifact:
                case FigureArtifact():
                    artifact = replace(artifact, formats=formats)
                    pictures.append(Picture.from_figure(artifact))
                case Scalar(name, value):
                    metrics[name] = value
            page.run.write(artifact)
    if evaluation.history:
        metrics = {**evaluation.history[-1], **metrics}
    shown = any(each.title == "Reconstructions" for each in pictures)
    page.run.write_tags({DESCRIPTION_TAG: description(page.spec, metrics, state, page.run.id if shown else None)})
    page.write(metrics, pictures, state, _commands(page, len(evaluation.history)))
    return metrics


def _commands(page: RunPage, epochs: int) -> dict[str, str]:
    """The commands that go on from a training; none from an evaluation, which has no epochs."""
    return next_steps(page.run.id, epochs, str(page.spec.params.get("corruption", ""))) if epochs else {}


def _warned_of(metrics: dict[str, float]) -> dict[str, float]:
    """The same metrics, with a warning of each that is no finite number."""
    for name, value in metrics.items():
        if not math.isfinite(value):
            log.warning("%s is %s: the metric gives no finite number for some of the test images.", name, value)
    return metrics
