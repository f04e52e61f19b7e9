"""Results of a sweep: its finished jobs as a table, averaged over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from aeexp.config.aliases import recorded_param
from aeexp.config.short_names import short_names
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError, RunNotFoundError
from aeexp.sweeps.sweep_run import SweepRun

SEED = "seed"

WITHOUT = "–"
"""The value of an axis for a job that does not have it, as `corruption.noise.std` for `corruption=none`."""

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
    """

    axes: tuple[str, ...]
    runs: pd.DataFrame
    metric: str
    mode: str

    @classmethod
    def from_run(cls, sweep_run: SweepRun, metric: str, mode: str) -> "Results":
        """The newest finished run of each point.

        Raises:
            RunNotFoundError: if no job has finished.
            ConfigError: if the jobs have no such metric.
        """
        swept = sweep_run.axes
        newest: dict[tuple[str, ...], dict[str, object]] = {}
        for run in sweep_run.children(" and attributes.status = 'FINISHED'"):
            point = {axis: recorded_param(run.data.params, axis) or WITHOUT for axis in swept}
            row = {**run.data.metrics, **point, "name": _short_name(point), "run": run.info.run_id}
            newest.setdefault(tuple(point.values()), row)
        if not newest:
            raise RunNotFoundError("report: no job of this sweep has finished yet; start it again to finish it.")
        table = pd.DataFrame(list(newest.values()))
        _check_metric(table, swept, metric, mode)
        for axis in swept:
            table[axis] = ordered(table[axis])
        axes = tuple(axis for axis in swept if axis != SEED) or swept
        return cls(axes, table.sort_values(list(swept)).reset_index(drop=True), metric, mode)

    @property
    def labels(self) -> list[str]:
        """Short names of the axes."""
        return short_names(self.axes)

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row per point, the best first: `mean`, `std` and number of `runs` over the seeds."""
        groups = self.runs.groupby(list(self.axes), observed=True)[self.metric]
        table = groups.agg(["mean", "std", "count"]).rename(columns={"count": "runs"}).reset_index()
        table = table.sort_values("mean", ascending=self.mode == "min", kind="stable").reset_index(drop=True)
        table.insert(0, "rank", range(1, len(table) + 1))
        table["gap"] = (table["mean"] - table["mean"].iloc[0]).abs()
        return table

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

    @property
    def headline(self) -> str:
        """The best point, and its distance to the second best."""
        best, *others = self.ranked
        line = f"Best {self.metric}: {self.name(best)} with {mean_and_std(best)}"
        return f"{line}, {others[0]['gap']:.3g} ahead of {self.name(others[0])}" if others else line


def _short_name(point: dict[str, str]) -> str:
    """Swept values under their short names, for tables and figures."""
    values = {axis: value for axis, value in point.items() if value != WITHOUT}
    words = zip(short_names(values), values.values(), strict=True)
    return " ".join(f"{word}={value}" for word, value in words) or "all"


def mean_and_std(point: Point) -> str:
    """Mean ± standard deviation over the seeds, or the single value."""
    return f"{point['mean']:.4g}" + (f" ± {point['std']:.2g}" if point["runs"] > 1 else "")


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


def _check_metric(table: pd.DataFrame, axes: Sequence[str], metric: str, mode: str) -> None:
    if mode not in ("min", "max"):
        raise ConfigError(f"report: `mode` must be min or max. Received mode={mode}.")
    known = [name for name in table.columns if name not in (*axes, "name", "run")]
    if metric not in known:
        raise ConfigError(
            f"report: `metric` must be one that every finished job has. Received metric={metric}."
            f"{did_you_mean(metric, known)} Choose from {', '.join(sorted(known))}."
        )
