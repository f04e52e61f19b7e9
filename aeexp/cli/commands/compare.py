"""`aeexp compare`: compare trained runs by a metric, with intervals and paired tests."""

import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from omegaconf import DictConfig

from aeexp.cli.configurations import are_one_task, configurations, trainings
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.listing.row import Row
from aeexp.listing.table import TextColumn, terminal_width, text_table
from aeexp.listing.trained_run import find_trained
from aeexp.listing.words import number
from aeexp.runs.code_version import code_tags, source_tags
from aeexp.runs.environment import environment
from aeexp.tracking.artifacts import FigureArtifact, TableArtifact, figure_formats
from aeexp.tracking.opening import open_recorded
from aeexp.tracking.store import direction
from aeexp.tracking.tags import KIND_TAG
from aeexp.tracking.tracker import RunSpec

if TYPE_CHECKING:
    from aeexp.runs.comparison import ComparedRow

OTHER_TASKS = "The runs differ in data or corruption, so the means are not those of the same task."

CAPTION = "Means over seeds and folds with their 95 % intervals; of a single run, the interval over the test images. \
Blue: not told apart from the best."


def run(config: DictConfig) -> None:
    """Compare, record, and print the table."""
    formats = figure_formats(config.report)
    tracker = open_recorded(config.tracking)
    rows = trainings(tracker.store, config.runs)
    _check_metric(config.sort, rows)
    baseline = None if config.reference is None else find_trained(tracker.store, config.reference)
    if baseline is not None and baseline not in {row.id for row in rows}:
        rows.append(Row.from_run(tracker.store.info(baseline)))
    from aeexp.runs.comparison import compare, remarks
    from aeexp.runs.comparison_figure import draw_comparison

    found = configurations(tracker.store, rows, config.sort)
    meant = next((each.name for each in found if baseline in {run.id for run in each.trainings.values()}), None)
    compared = compare(found, _is_higher_better(config.sort, rows[0]), meant)
    columns = _columns(compared)
    with tracker.record(_spec(rows, config.sort)) as recorded:
        recorded.write(TableArtifact("comparison", columns))
        recorded.write(FigureArtifact("comparison", draw_comparison(compared, config.sort), CAPTION, formats))
    print(f"{config.sort}, differences to {meant or 'the best'}")
    titles = [TextColumn(title, is_number=title not in ("configuration", "paired by", "")) for title in columns]
    cells = [list(map(str, row)) for row in zip(*columns.values(), strict=True)]
    print("\n".join(text_table(titles, cells, terminal_width())[0]))
    print("\n".join([*remarks(compared), *([] if are_one_task(rows) else [OTHER_TASKS])]))
    print(f"figure  {recorded.location}/figures/comparison.{formats[0]}")


def _check_metric(metric: str, rows: Sequence[Row]) -> None:
    lacking = [row.id[:8] for row in rows if metric not in row.metrics]
    if lacking:
        known = sorted(set.intersection(*(set(row.metrics) for row in rows)))
        raise ConfigError(
            f"sort: run {', '.join(lacking[:3])} has no metric {metric}.{did_you_mean(metric, known)} "
            f"Choose one that all have, such as {', '.join(known[:6]) or 'none'}."
        )
    if infinite := [row.id[:8] for row in rows if not math.isfinite(row.metrics[metric])]:
        raise ConfigError(
            f"sort: {metric} of run {', '.join(infinite[:3])} is no finite number; "
            "leave it out, or choose another metric."
        )


def _is_higher_better(metric: str, row: Row) -> bool:
    known = direction(metric, row.tags)
    if known is None:
        raise ConfigError(f"sort: it is not known whether higher values of {metric} are better; choose another metric.")
    return known


def _columns(rows: Sequence["ComparedRow"]) -> dict[str, list[str]]:
    def of(text: Callable[["ComparedRow"], str]) -> list[str]:
        return [text(row) for row in rows]

    return {
        "configuration": of(lambda row: row.name),
        "runs": of(lambda row: str(row.runs)),
        "mean": of(lambda row: number(row.mean)),
        "95 % interval": of(lambda row: _span(row.interval.low, row.interval.high)),
        "difference": of(lambda row: f"{row.difference.mean:+.3g}" if row.difference else ""),
        "its interval": of(
            lambda row: "" if row.difference is None else _span(row.difference.low, row.difference.high)
        ),
        "p": of(lambda row: "" if row.p_value is None else f"{row.p_value:.2g}"),
        "paired by": of(lambda row: row.paired_by),
        "": ["best", *("tied" if row.tied else "" for row in rows[1:])],
    }


def _span(low: float, high: float) -> str:
    return "unknown" if low != low else f"{low:.4g} to {high:.4g}"


def _spec(rows: Sequence[Row], metric: str) -> RunSpec:
    return RunSpec(
        name=f"compare {len(rows)} runs by {metric}",
        params={"runs": [row.id for row in rows], "metric": metric},
        tags={KIND_TAG: "comparison", **source_tags(), **code_tags({})},
        texts={"environment.json": json.dumps(environment(), indent=2)},
    )
