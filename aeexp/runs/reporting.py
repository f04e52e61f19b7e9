"""Metrics and reports of an evaluation, written to its run."""

from collections.abc import Sequence
from dataclasses import replace

from aeexp.baselines.comparison import BaselineSuite
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.report import Report
from aeexp.runtime.interrupts import check_interrupt
from aeexp.tracking.artifacts import FigureArtifact
from aeexp.tracking.tracker import ActiveRun


def write_reports(
    evaluation: EvaluationResult,
    baselines: BaselineSuite,
    reports: Sequence[Report],
    run: ActiveRun,
    formats: tuple[str, ...],
) -> dict[str, float]:
    """Write the mean of each metric as `test/…`, those of the baselines, and what the reports yield.

    Args:
        formats: of the figures.

    Returns:
        The metrics.
    """
    restored, compared = baselines.evaluate(evaluation)
    metrics = {
        f"test/{name}": float(evaluation.metrics[name].mean()) for name in evaluation.metric_functions
    } | compared
    run.write_metrics(metrics, step=0)
    for report in reports:
        check_interrupt()
        for artifact in report(replace(evaluation, baselines=restored)):
            run.write(replace(artifact, formats=formats) if isinstance(artifact, FigureArtifact) else artifact)
    return metrics
