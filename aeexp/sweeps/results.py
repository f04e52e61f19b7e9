"""Results of a sweep: its finished jobs as a table, averaged over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from aeexp.config.short_names import short_names
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError, RunNotFoundError
from aeexp.metrics.direction import resolve_mode
from aeexp.runs.comparison import ComparedRow, Configuration, Trained, compare
from aeexp.runs.metric_table import BASELINE, best_baseline
from aeexp.sweeps.compared_jobs import WITHOUT, ComparedJobs, point_of
from aeexp.sweeps.protocol import chosen_on
from aeexp.sweeps.sweep_run import SweepRun
from aeexp.sweeps.tasks import GAIN, REPETITIONS, task_axes
from aeexp.tracking.store import direction

GAIN_PSNR = f"{GAIN}psnr"
ONE_RUN = "One run of each point: the spread over seeds is unknown; seed=0,1,2 would show it."

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

    @cached_property
    def compared(self) -> list[ComparedRow]:
        """The points with intervals and paired tests against the best of their task, in the order of the points."""
        tasks: dict[tuple[object, ...], list[Configuration]] = {}
        for point in self.ranked:
            tasks.setdefault(tuple(point[axis] for axis in self.tasks), []).append(self._configuration(point))
        return [row for each in tasks.values() for row in compare(each, self.mode == "max")]

    def _configuration(self, point: Point) -> Configuration:
        runs = self.runs[self.runs["run"].isin(self.jobs(point))]
        keys = [key for key in REPETITIONS if key in runs and key not in self.axes]
        found = {tuple(str(run[key]) for key in keys): run for run in runs.to_dict("records")}
        trainings = {each: Trained(run["run"], run[self.metric]) for each, run in found.items()}
        return Configuration(self.name(point), trainings)

    @property
    def has_spread(self) -> bool:
        """Whether any point was trained with several seeds or folds."""
        return any(row.runs > 1 for row in self.compared)

    @property
    def notes(self) -> tuple[str, ...]:
        """The remarks, and what cannot be known of jobs with a single seed."""
        return self.remarks if self.has_spread or self.is_repetition else (*self.remarks, ONE_RUN)

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
        return () if self.metric.startswith(GAIN) else self.task_axes

    @cached_property
    def task_axes(self) -> tuple[str, ...]:
        """The axes that change the images or their corruption, also where scores are compared across them."""
        return task_axes(self.axes, lambda axis: self.runs[axis])

    @property
    def is_repetition(self) -> bool:
        """Whether the jobs are one training with several seeds or folds."""
        return set(self.axes) <= set(REPETITIONS)


def _short_name(point: dict[str, str]) -> str:
    """Swept values under their short names, for tables and figures."""
    values = {axis: value for axis, value in point.items() if value != WITHOUT}
    words = zip(short_names(values), values.values(), strict=True)
    return " ".join(f"{word}={value}" for word, value in words) or "all"


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
