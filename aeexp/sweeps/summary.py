"""Summary of a sweep in words: its best point, or the best of each task."""

import math
from collections.abc import Sequence

from aeexp.config.short_names import short_names
from aeexp.evaluation.statistics import over_runs
from aeexp.sweeps.compared_jobs import WITHOUT
from aeexp.sweeps.results import GAIN_PSNR, Point, Results

MAX_TASKS = 12
"""Tasks that the summary names."""


def headline(results: Results) -> str:
    """The best point and its distance to the second best, or that each task has its own; of seeds the mean."""
    if results.is_repetition:
        return _mean_of_all(results)
    if results.tasks:
        best = "Best " if len(results.tasks) < len(results.axes) else ""
        return f"{best}{results.metric} within each task ({', '.join(short_names(results.tasks))})"
    tasks = " over all tasks" if results.task_axes else ""
    return f"Best {results.metric}{tasks}: {_winner(results, results.ranked)}"


def _mean_of_all(results: Results) -> str:
    values = results.runs[results.metric]
    if len(values) == 1:
        return f"{results.metric} of 1 run: {values.iloc[0]:.4g}"
    low, high = over_runs(list(values))
    spread = f"mean {values.mean():.4g} ± {values.std():.2g}"
    return f"{results.metric} over {len(values)} runs: {spread} (95 % interval of the mean {low:.4g} to {high:.4g})"


def task_lines(results: Results) -> list[str]:
    """What follows the headline: a line for each task."""
    if not results.tasks:
        return []
    tasks: dict[str, list[Point]] = {}
    for point in results.ranked:
        tasks.setdefault(_named(results, point, results.tasks), []).append(point)
    lines = [f"{task}: {_winner(results, points)}" for task, points in tasks.items()]
    more = [f"… and {len(lines) - MAX_TASKS} more in leaderboard.csv"] if len(lines) > MAX_TASKS else []
    return [*lines[:MAX_TASKS], *more]


def _winner(results: Results, points: list[Point]) -> str:
    best, *others = points
    compared = [axis for axis in results.axes if axis not in results.tasks]
    tested = f", {results.test_metric} {best['test']:.4g}" if "test" in best else ""
    reached = mean_and_std(best) + tested + ("" if results.metric == GAIN_PSNR else _beside(best))
    if not compared:
        return reached
    line = f"{_named(results, best, compared)} with {reached}"
    return f"{line}, {others[0]['gap']:.3g} ahead of {_named(results, others[0], compared)}" if others else line


def _named(results: Results, point: Point, axes: Sequence[str]) -> str:
    """The values of some axes, under the short names that they have among all."""
    names = dict(zip(results.axes, results.labels, strict=True))
    return " ".join(f"{names[axis]}={point[axis]}" for axis in axes if point[axis] != WITHOUT)


def mean_and_std(point: Point) -> str:
    """Mean ± standard deviation over the seeds, or the single value."""
    return f"{point['mean']:.4g}" + (f" ± {point['std']:.2g}" if point["runs"] > 1 else "")


def _beside(point: Point) -> str:
    """The gain of a point over the best baseline, in brackets; empty without baselines."""
    gain = point.get("gain", math.nan)
    return "" if math.isnan(gain) else f" ({abs(gain):.2f} dB {'above' if gain >= 0 else 'below'} {point['baseline']})"
