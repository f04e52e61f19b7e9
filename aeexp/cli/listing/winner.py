"""The winner of a sweep, for its row: the swept values with the best mean over the seeds."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from aeexp.cli.listing.groups import finished, means
from aeexp.cli.listing.row import Row
from aeexp.config.aliases import current_key
from aeexp.sweeps.jobs import name_of
from aeexp.tracking.store import is_higher_better

AXES_TAG = "aeexp.axes"
COMMAND_TAG = "aeexp.command"
SEED = "seed"
DEFAULT_METRIC = "test/psnr"
GAIN = "gain/psnr"
TASKS = ("dataset", "corruption")
"""Groups that make a task easier or harder, so that only the gain over the best baseline can be compared."""


def sweep_row(parent: Row, jobs: Sequence[Row], evaluations: int) -> Row:
    """The row of a sweep, with the metrics of its winner.

    Args:
        evaluations: how many its jobs have.
    """
    if not jobs:
        return replace(parent, note="no job yet", runs=0)
    axes = axes_of(parent)
    points = _points(jobs, axes)
    metric = metric_of(parent, axes)
    winner = _best(points, metric)
    ended = [f"{count} {state}" for state in ("failed", "killed", "running") if (count := _count(jobs, state))]
    number = _counted(len(jobs), "job")
    jobs_and_best = f"{winner[0]} best of {number}" if winner and len(points) > 1 else number
    chosen = {
        group: ",".join(dict.fromkeys(job.chosen[group] for job in reversed(jobs) if group in job.chosen))
        for group in dict.fromkeys(group for job in jobs for group in job.chosen)
    }
    further = [_counted(evaluations, "evaluation")] if evaluations else []
    note = ", ".join([jobs_and_best, *ended, *further])
    shown = winner[1][0] if winner else jobs[0]
    return replace(
        parent,
        chosen=chosen,
        metrics=means(winner[1])[0] if winner else {},
        monitor=shown.monitor,
        runs=len(jobs),
        note=note,
        tags={**shown.tags, **parent.tags},
    )


def axes_of(parent: Row) -> tuple[str, ...]:
    """The swept keys, in the order of the command."""
    return tuple(map(current_key, json.loads(parent.tags.get(AXES_TAG, "[]"))))


def metric_of(parent: Row, axes: Sequence[str]) -> str:
    """The metric by which the jobs of a sweep are compared."""
    chosen = re.search(r"(?:^|\s)sweep\.metric=(\S+)", parent.tags.get(COMMAND_TAG, ""))
    if chosen:
        return chosen[1]
    return GAIN if any(axis.partition(".")[0] in TASKS for axis in axes) else DEFAULT_METRIC


def _points(jobs: Sequence[Row], axes: Sequence[str]) -> dict[str, list[Row]]:
    """The newest finished job of each combination of swept values, by the name of the combination without the seed."""
    newest = {tuple(job.value(axis) for axis in axes): job for job in reversed(finished(jobs))}
    compared = [axis for axis in axes if axis != SEED] or list(axes)
    points = defaultdict(list)
    for job in newest.values():
        points[name_of({axis: job.value(axis) for axis in compared})].append(job)
    return points


def _best(points: dict[str, list[Row]], metric: str) -> tuple[str, list[Row]] | None:
    """The point with the best mean, which a point without the metric or with NaN is not."""
    scores = {name: sum(job.metrics.get(metric, math.nan) for job in jobs) / len(jobs) for name, jobs in points.items()}
    known = {name: score for name, score in scores.items() if not math.isnan(score)}
    if not known:
        return None
    first = next(iter(points.values()))[0]
    sign = -1 if is_higher_better(metric, first.tags) else 1
    name = min(known, key=lambda each: sign * known[each])
    return name, points[name]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _count(jobs: Sequence[Row], state: str) -> int:
    return sum(job.state == state for job in jobs)
