"""The leaderboard of a sweep: all numbers as a table for programs, and the same rounded for people."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from aeexp.metrics.rounding import interval_text, p_text, rounded
from aeexp.runs.comparison import ComparedRow
from aeexp.sweeps.results import GAIN_PSNR, Point, Results


def leaderboard(results: Results) -> pd.DataFrame:
    """The points, the best first, with readable column names."""
    labels = dict(zip(results.axes, results.labels, strict=True))
    names = {
        "mean": results.metric,
        "std": "± over seeds",
        "gap": "behind the best",
        "test": results.test_metric,
        "baseline": "best baseline",
    }
    left_out = [*(["gain"] if results.metric == GAIN_PSNR else []), *(["gap"] if results.has_spread else [])]
    points = results.points.drop(columns=left_out, errors="ignore")
    named = points.rename(columns={**labels, **names, "gain": GAIN_PSNR})
    return named.assign(**_interval_columns(results)) if results.has_spread else named


def _interval_columns(results: Results) -> dict[str, list[Any]]:
    rows = results.compared
    differences = [row.difference for row in rows]
    return {
        "95 % low": [row.interval.low for row in rows],
        "95 % high": [row.interval.high for row in rows],
        "difference to the best": [None if each is None else each.mean for each in differences],
        "difference 95 % low": [None if each is None else each.low for each in differences],
        "difference 95 % high": [None if each is None else each.high for each in differences],
        "p (Holm)": [row.p_value for row in rows],
        "tied": ["tied" if row.tied and row.difference else "" for row in rows],
    }


def shown_rows(results: Results) -> list[dict[str, str]]:
    """A row of text for each point, in as many digits as its interval supports."""
    return [_shown(results, point, row) for point, row in zip(results.ranked, results.compared, strict=True)]


def _shown(results: Results, point: Point, row: ComparedRow) -> dict[str, str]:
    found = {"rank": str(point["rank"])}
    found |= {label: str(point[axis]) for axis, label in zip(results.axes, results.labels, strict=True)}
    found[results.metric] = _mean(point)
    if results.has_spread:
        found |= _compared(row)
    elif "gap" in point:
        found["behind the best"] = f"{point['gap']:.3g}" if point["gap"] else ""
    return found | _beside(results, point)


def _mean(point: Mapping[str, Any]) -> str:
    """The mean, and its standard deviation over the seeds where there are several."""
    if point["runs"] < 2:
        return f"{point['mean']:.4g}"
    mean, deviation = point["mean"], point["std"]
    return f"{rounded(mean, mean - deviation, mean + deviation)} ± {deviation:.2g}"


def _compared(row: ComparedRow) -> dict[str, str]:
    difference = row.difference
    text = ""
    if difference is not None:
        mean = rounded(difference.mean, difference.low, difference.high)
        text = f"{mean} ({interval_text(difference.low, difference.high)})"
    return {
        "95 % interval": interval_text(*row.interval),
        "difference to the best": text,
        "p (Holm)": "" if row.p_value is None else p_text(row.p_value),
        "verdict": "" if difference is None else "tied" if row.tied else "worse",
    }


def _beside(results: Results, point: Mapping[str, Any]) -> dict[str, str]:
    """What the test images say, and the best baseline."""
    found = {results.test_metric: f"{point['test']:.4g}"} if "test" in point else {}
    gain = point.get("gain", math.nan)
    if results.metric != GAIN_PSNR and not math.isnan(gain):
        found[GAIN_PSNR] = f"{gain:+.2f}"
    return found | ({"best baseline": str(point["baseline"])} if point.get("baseline") else {})
