"""Statistics of the points of a sweep: intervals over seeds or folds, and paired tests against the best of a task."""

from collections.abc import Sequence

import pandas as pd

from aeexp.reports.intervals import draw_intervals
from aeexp.reports.style import Figure
from aeexp.runs.comparison import ComparedRow, Configuration, Trained, compare
from aeexp.sweeps.results import Results
from aeexp.sweeps.tasks import REPETITIONS

ONE_RUN = "One run of each point: the spread over seeds is unknown; seed=0,1,2 would show it."


def compared_points(results: Results) -> list[ComparedRow]:
    """The points as rows of a comparison within their task, in the order of the leaderboard."""
    tasks: dict[tuple[object, ...], list[Configuration]] = {}
    for point in results.ranked:
        tasks.setdefault(tuple(point[axis] for axis in results.tasks), []).append(_configuration(results, point))
    return [row for each in tasks.values() for row in compare(each, results.mode == "max")]


def interval_columns(rows: Sequence[ComparedRow]) -> pd.DataFrame:
    """The columns that a leaderboard has besides; none where no point has several runs."""
    if not is_repeated(rows):
        return pd.DataFrame(index=range(len(rows)))
    differences = [row.difference for row in rows]
    return pd.DataFrame(
        {
            "95 % low": [row.interval.low for row in rows],
            "95 % high": [row.interval.high for row in rows],
            "difference to the best": [None if each is None else each.mean for each in differences],
            "its 95 % low": [None if each is None else each.low for each in differences],
            "its 95 % high": [None if each is None else each.high for each in differences],
            "p (Holm)": [row.p_value for row in rows],
            "tied": ["tied" if row.tied and row.difference else "" for row in rows],
        }
    )


def is_repeated(rows: Sequence[ComparedRow]) -> bool:
    """Whether there is a spread over seeds or folds."""
    return any(row.runs > 1 for row in rows)


def interval_figure(results: Results, rows: Sequence[ComparedRow]) -> Figure:
    """The points with their intervals, those of a task one below the other."""
    return draw_intervals(
        [row.name for row in rows],
        [row.mean for row in rows],
        [row.interval for row in rows],
        [bool(row.tied) for row in rows],
        results.metric,
    )


def _configuration(results: Results, point: dict[str, object]) -> Configuration:
    runs = results.runs[results.runs["run"].isin(results.jobs(point))]
    keys = [key for key in REPETITIONS if key in runs and key not in results.axes]
    trainings = {
        tuple(str(run[key]) for key in keys): Trained(run["run"], run[results.metric])
        for run in runs.to_dict("records")
    }
    return Configuration(results.name(point), trainings)
