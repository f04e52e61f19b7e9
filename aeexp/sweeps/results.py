"""The finished jobs of a sweep as a table, seeds folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from aeexp.config.hints import did_you_mean
from aeexp.errors import ConfigError, RunNotFoundError
from aeexp.sweeps.jobs import name_of, short_names
from aeexp.sweeps.sweep_run import SweepRun

SEED = "seed"

Point = dict[str, Any]
"""A row of `Results.points`."""


@dataclass(frozen=True)
class Results:
    """What came out of a sweep.

    Args:
        axes: the full paths of what was swept; the seed is folded away where anything else was swept as well.
        runs: a row for each job, ordered by the axes: their values, `seed`, `name`, `run` (its id) and every metric.
        metric: by which jobs are compared.
        mode: whether its best value is its min or its max.
    """

    axes: tuple[str, ...]
    runs: pd.DataFrame
    metric: str
    mode: str

    @classmethod
    def of(cls, record: SweepRun, metric: str, mode: str) -> "Results":
        """The newest finished run of each point.

        Raises:
            AeexpError: where no job has finished, or none has the metric.
        """
        swept = record.axes
        newest: dict[tuple[str, ...], dict[str, object]] = {}
        for run in record.children(" and attributes.status = 'FINISHED'"):
            point = {axis: run.data.params.get(axis, "") for axis in swept}
            row = {**run.data.metrics, **point, "name": name_of(point), "run": run.info.run_id}
            newest.setdefault(tuple(point.values()), row)
        if not newest:
            raise RunNotFoundError("report: no job of this sweep has finished yet; start it again to finish it.")
        table = pd.DataFrame(list(newest.values()))
        _check_metric(table, swept, metric, mode)
        for axis in swept:
            table[axis] = _in_order(table[axis])
        axes = tuple(axis for axis in swept if axis != SEED) or swept
        return cls(axes, table.sort_values(list(swept)).reset_index(drop=True), metric, mode)

    @property
    def labels(self) -> list[str]:
        """The axes in few words."""
        return short_names(self.axes)

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row for each point, the best first, with `mean`, `deviation` and number of `runs` over the seeds."""
        groups = self.runs.groupby(list(self.axes), observed=True)[self.metric]
        table = groups.agg(["mean", "std", "count"]).rename(columns={"std": "deviation", "count": "runs"}).reset_index()
        table = table.sort_values("mean", ascending=self.mode == "min", kind="stable").reset_index(drop=True)
        table.insert(0, "rank", range(1, len(table) + 1))
        table["behind"] = (table["mean"] - table["mean"].iloc[0]).abs()
        return table

    def values(self, axis: str) -> list[Any]:
        """The values of an axis, in order."""
        return list(self.runs[axis].cat.categories)

    @cached_property
    def ranked(self) -> list[Point]:
        """The points as dictionaries, which keep whole numbers whole."""
        return self.points.to_dict("records")  # type: ignore[return-value]

    def name(self, point: Point) -> str:
        """A point in few words."""
        return name_of({axis: str(point[axis]) for axis in self.axes})

    @property
    def headline(self) -> str:
        """What wins, and by how much."""
        best, *others = self.ranked
        line = f"Best {self.metric}: {self.name(best)} with {spread(best)}"
        return f"{line}, {others[0]['behind']:.3g} ahead of {self.name(others[0])}" if others else line


def spread(point: Point) -> str:
    """Mean ± standard deviation over the seeds, or the one value."""
    return f"{point['mean']:.4g}" + (f" ± {point['deviation']:.2g}" if point["runs"] > 1 else "")


def _in_order(values: pd.Series) -> pd.Series:
    """Numbers as numbers in their order, and before words."""
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
