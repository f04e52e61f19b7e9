"""`aeexp compare`: compare trained runs by a metric, with intervals and paired tests."""

import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig

from aeexp.cli.configurations import configurations, task_keys, trainings
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.listing.row import Row
from aeexp.listing.table import TextColumn, terminal_width, text_table, write
from aeexp.listing.trained_run import find_trained
from aeexp.listing.words import ID
from aeexp.metrics.rounding import interval_text, p_text, rounded
from aeexp.runs.code_version import code_tags, source_tags
from aeexp.runs.environment import environment
from aeexp.tracking.artifacts import FigureArtifact, TableArtifact, figure_formats
from aeexp.tracking.opening import open_recorded
from aeexp.tracking.store import direction
from aeexp.tracking.tags import KIND_TAG
from aeexp.tracking.tracker import RunSpec

if TYPE_CHECKING:
    from aeexp.runs.comparison import ComparedRow

OTHER_TASKS = "The runs were not tested alike, so the means are not those of the same task. They differ in {keys}."

SHORT = 40
"""Letters of a name up to which it stands in the title."""

LAYOUT: dict[str, dict[str, Any]] = {
    "run": {},
    "configuration": {"least": 16, "is_name": True, "most": 100_000},
    "95 % interval": {"is_number": True, "rank": 1},
    "its interval": {"is_number": True, "rank": 3},
    "p": {"is_number": True, "rank": 2},
    "paired by": {"rank": 4, "most": 100_000},
    "verdict": {},
}
"""Of the columns of the table; the others are numbers that are never left out."""

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
    meant = next((each.name for each in found if each.includes(baseline)), None)
    compared = compare(found, _is_higher_better(config.sort, rows[0]), meant)
    columns = _columns(compared)
    with tracker.record(_spec(rows, config.sort)) as recorded:
        recorded.write(TableArtifact("comparison", columns))
        recorded.write(FigureArtifact("comparison", draw_comparison(compared, config.sort), CAPTION, formats))
    print(_title(config.sort, meant, baseline))
    _print_table(columns)
    print("\n".join([*remarks(compared), *_of_tasks(task_keys(rows))]))
    print(f"figure  {recorded.location}/figures/comparison.{formats[0]}")


def _title(metric: str, baseline: str | None, run_id: str | None) -> str:
    """What the table shows; a baseline whose name is long is called by its id."""
    if baseline is None or run_id is None:
        return f"{metric}, differences to the best"
    return f"{metric}, differences to {baseline if len(baseline) <= SHORT else run_id[:ID]}"


def _print_table(columns: dict[str, list[str]]) -> None:
    drawn = [TextColumn(title, **LAYOUT.get(title, {"is_number": True})) for title in columns]
    cells = [list(row) for row in zip(*columns.values(), strict=True)]
    lines, left_out = text_table(drawn, cells, terminal_width())
    write("".join(f"{line}\n" for line in lines))
    if left_out:
        print(f"columns left out at this width: {', '.join(left_out)}; a wider terminal, or a pipe, shows all")


def _of_tasks(keys: Sequence[str]) -> list[str]:
    return [OTHER_TASKS.format(keys=", ".join(keys))] if keys else []


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
        "run": of(lambda row: row.ids[0][:ID] if row.runs == 1 else f"{row.runs} runs"),
        "configuration": of(lambda row: row.name),
        "mean": of(lambda row: rounded(row.mean, *row.interval)),
        "95 % interval": of(lambda row: interval_text(*row.interval)),
        "difference": of(_difference),
        "its interval": of(
            lambda row: interval_text(row.difference.low, row.difference.high) if row.difference else ""
        ),
        "p": of(lambda row: "" if row.p_value is None else p_text(row.p_value)),
        "paired by": of(lambda row: row.paired_by),
        "verdict": ["best", *map(_verdict, rows[1:])],
    }


def _difference(row: "ComparedRow") -> str:
    if row.difference is None:
        return "baseline" if row.is_baseline else ""
    text = rounded(row.difference.mean, row.difference.low, row.difference.high)
    return text if row.difference.mean < 0 else f"+{text}"


def _verdict(row: "ComparedRow") -> str:
    return "not tested" if row.tied is None else "tied" if row.tied else "worse"


def _spec(rows: Sequence[Row], metric: str) -> RunSpec:
    return RunSpec(
        name=f"compare {len(rows)} runs by {metric}",
        params={"runs": [row.id for row in rows], "metric": metric},
        tags={KIND_TAG: "comparison", **source_tags(), **code_tags({})},
        texts={"environment.json": json.dumps(environment(), indent=2)},
    )
