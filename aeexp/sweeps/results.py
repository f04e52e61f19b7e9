"""Results of a sweep: its finished jobs as a table, averaged over seeds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from aeexp.config.short_names import short_names
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError, RunNotFoundError
from aeexp.evaluation.statistics import over_runs
from aeexp.metrics.direction import resolve_mode
from aeexp.runs.metric_table import BASELINE, best_baseline
from aeexp.sweeps.compared_jobs import WITHOUT, ComparedJobs, point_of
from aeexp.sweeps.protocol import chosen_on
from aeexp.sweeps.sweep_run import SweepRun
from aeexp.sweeps.tasks import GAIN, REPETITIONS, task_axes
from aeexp.tracking.store import direction

GAIN_PSNR = f"{GAIN}psnr"
MAX_TASKS = 12
"""Tasks that the summary names."""

Point = dict[str, Any]
"""A row of `Results.points`."""


@dataclass(frozen=True)
class Results:
    """The finished jobs of a sweep, compared by one metric.

    Args:
        axes: the full paths of the swept keys, without the seed unless nothing else was swept.
        runs: a row per job, ordered by the axes: their values, `seed`, `name`, `run` (its id) and every metric.
        metric: the metric by which jobs are compared.
        mode: whether its best value is its `min` or its `max`.
        remarks: on jobs that are not compared, or were not trained like the others.
    """

    axes: tuple[str, ...]
    runs: pd.DataFrame
    metric: str
    mode: str
    remarks: tuple[str, ...] = ()

    @classmethod
    def from_run(cls, sweep_run: SweepRun, metric: str, mode: str | None, key: str = "mode") -> "Results":
        """The newest finished run of each point.

        Args:
            mode: `min` or `max`; None takes the direction of the metric.
            key: that the mode was given by, for messages.

        Raises:
            RunNotFoundError: if no job has finished.
            ConfigError: if the jobs have no such metric.
        """
        swept = sweep_run.axes
        jobs = ComparedJobs.among(sweep_run.children(), swept)
        if not jobs.compared:
            raise RunNotFoundError("report: no job of this sweep has finished yet; start it again to finish it.")
        rows = [
            {**run.data.metrics, **(point := point_of(run, swept)), "name": _short_name(point), "run": run.info.run_id}
            for run in jobs.compared
        ]
        table = pd.DataFrame(rows)
        _check_metric(table, swept, metric)
        best = resolve_mode(mode, metric, direction(metric, jobs.compared[0].data.tags), key)
        for axis in swept:
            table[axis] = ordered(table[axis])
        axes = tuple(axis for axis in swept if axis not in REPETITIONS) or swept
        remarks = (chosen_on(metric, jobs.compared[0].data.tags), *jobs.remarks)
        return cls(axes, table.sort_values(list(swept)).reset_index(drop=True), metric, best, remarks)

    @property
    def labels(self) -> list[str]:
        """Short names of the axes."""
        return short_names(self.axes)

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row per point, the best of a task first: `mean`, `std` and number of `runs` over the seeds.

        Beside a metric of the validation images, its mean over the test images as `test`. Where there are baselines,
        the mean `gain` over the best one, its name and PSNR as `baseline`.
        """
        groups = self.runs.groupby(list(self.axes), observed=True)[self.metric]
        table = groups.agg(["mean", "std", "count"]).rename(columns={"count": "runs"}).reset_index()
        if self.test_metric in self.runs:
            table["test"] = self.runs.groupby(list(self.axes), observed=True)[self.test_metric].mean().to_numpy()
        order = [*self.tasks, "mean"]
        ascending = [*(True for _ in self.tasks), self.mode == "min"]
        table = table.sort_values(order, ascending=ascending, kind="stable").reset_index(drop=True)
        task = table.groupby(list(self.tasks), observed=True) if self.tasks else table.groupby(lambda _: 0)
        table.insert(0, "rank", task.cumcount() + 1)
        table["gap"] = (table["mean"] - task["mean"].transform("first")).abs()
        return table if GAIN_PSNR not in self.runs else table.merge(self._beside_baselines, on=list(self.axes))

    @property
    def test_metric(self) -> str:
        """What the test images say where the validation images chose; empty for another metric."""
        return self.metric.replace("val/", "test/", 1) if self.metric.startswith("val/") else ""

    @property
    def _beside_baselines(self) -> pd.DataFrame:
        """A row per point: its gain over the best baseline, and which one that is."""
        scores = [name for name in self.runs if str(name).startswith(BASELINE) and str(name).endswith("/psnr")]
        means = self.runs.groupby(list(self.axes), observed=True)[[GAIN_PSNR, *scores]].mean().reset_index()
        names = [
            best_baseline({name: row[name] for name in scores if row[name] == row[name]}) for _, row in means.iterrows()
        ]
        texts = [
            f"{name.replace('_', ' ')} {means[f'{BASELINE}{name}/psnr'][row]:.2f}" if name else ""
            for row, name in enumerate(names)
        ]
        return means[list(self.axes)].assign(gain=means[GAIN_PSNR], baseline=texts)

    def jobs(self, point: Point) -> list[str]:
        """The ids of the runs of a point."""
        meant = (self.runs[list(self.axes)] == [point[axis] for axis in self.axes]).all(axis=1)
        return list(self.runs["run"][meant])

    def values(self, axis: str) -> list[Any]:
        """The values of an axis, in order."""
        return list(self.runs[axis].cat.categories)

    @cached_property
    def ranked(self) -> list[Point]:
        """The points as dictionaries, in which integers stay integers."""
        return self.points.to_dict("records")  # type: ignore[return-value]

    def name(self, point: Point) -> str:
        """The short name of a point."""
        return _short_name({axis: str(point[axis]) for axis in self.axes})

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        """The axes that change the images or their corruption, across which scores are not compared.

        None where there is a single task, or where the metric is a gain over the baselines of each task.
        """
        return () if self.metric.startswith(GAIN) else self._task_axes

    @cached_property
    def _task_axes(self) -> tuple[str, ...]:
        return task_axes(self.axes, lambda axis: self.runs[axis])

    @property
    def is_repetition(self) -> bool:
        """Whether the jobs are one training with several seeds or folds."""
        return set(self.axes) <= set(REPETITIONS)

    @property
    def headline(self) -> str:
        """The best point and its distance to the second best, or that each task has its own; of seeds the mean."""
        if self.is_repetition:
            return self._mean_of_all
        if self.tasks:
            best = "Best " if len(self.tasks) < len(self.axes) else ""
            return f"{best}{self.metric} within each task ({', '.join(short_names(self.tasks))})"
        tasks = " over all tasks" if self._task_axes else ""
        return f"Best {self.metric}{tasks}: {self._winner(self.ranked)}"

    @property
    def _mean_of_all(self) -> str:
        values = self.runs[self.metric]
        if len(values) == 1:
            return f"{self.metric} of 1 run: {values.iloc[0]:.4g}"
        low, high = over_runs(list(values))
        spread = f"mean {values.mean():.4g} ± {values.std():.2g}"
        return f"{self.metric} over {len(values)} runs: {spread} (95 % interval of the mean {low:.4g} to {high:.4g})"

    @property
    def lines(self) -> list[str]:
        """What follows the headline: a line for each task."""
        if not self.tasks:
            return []
        tasks: dict[str, list[Point]] = {}
        for point in self.ranked:
            tasks.setdefault(self._named(point, self.tasks), []).append(point)
        lines = [f"{task}: {self._winner(points)}" for task, points in tasks.items()]
        more = [f"… and {len(lines) - MAX_TASKS} more in leaderboard.csv"] if len(lines) > MAX_TASKS else []
        return [*lines[:MAX_TASKS], *more]

    def _winner(self, points: list[Point]) -> str:
        best, *others = points
        compared = [axis for axis in self.axes if axis not in self.tasks]
        tested = f", {self.test_metric} {best['test']:.4g}" if "test" in best else ""
        reached = mean_and_std(best) + tested + ("" if self.metric == GAIN_PSNR else _beside(best))
        if not compared:
            return reached
        line = f"{self._named(best, compared)} with {reached}"
        return f"{line}, {others[0]['gap']:.3g} ahead of {self._named(others[0], compared)}" if others else line

    def _named(self, point: Point, axes: Sequence[str]) -> str:
        """The values of some axes, under the short names that they have among all."""
        names = dict(zip(self.axes, self.labels, strict=True))
        return " ".join(f"{names[axis]}={point[axis]}" for axis in axes if point[axis] != WITHOUT)


def _short_name(point: dict[str, str]) -> str:
    """Swept values under their short names, for tables and figures."""
    values = {axis: value for axis, value in point.items() if value != WITHOUT}
    words = zip(short_names(values), values.values(), strict=True)
    return " ".join(f"{word}={value}" for word, value in words) or "all"


def mean_and_std(point: Point) -> str:
    """Mean ± standard deviation over the seeds, or the single value."""
    return f"{point['mean']:.4g}" + (f" ± {point['std']:.2g}" if point["runs"] > 1 else "")


def _beside(point: Point) -> str:
    """The gain of a point over the best baseline, in brackets; empty without baselines."""
    gain = point.get("gain", math.nan)
    return "" if math.isnan(gain) else f" ({abs(gain):.2f} dB {'above' if gain >= 0 else 'below'} {point['baseline']})"


def ordered(values: pd.Series) -> pd.Series:
    """A categorical of the values: numbers, in ascending order, before words."""
    parsed = [_number(value) for value in values]
    return pd.Categorical(parsed, sorted(set(parsed), key=lambda value: (isinstance(value, str), value)), ordered=True)


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def _check_metric(table: pd.DataFrame, axes: Sequence[str], metric: str) -> None:
    known = [name for name in table.columns if name not in (*axes, "name", "run")]
    if metric not in known:
        raise ConfigError(
            f"report: `metric` must be one that every finished job has. Received metric={metric}."
            f"{did_you_mean(metric, known)} Choose from {', '.join(sorted(known))}."
        )
