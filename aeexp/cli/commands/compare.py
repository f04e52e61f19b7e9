"""`aeexp compare`: compare trained runs by a metric, with intervals and paired tests."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from omegaconf import DictConfig

from aeexp.cli.listing.row import SWEEP, TRAINING, Row
from aeexp.cli.listing.words import number
from aeexp.cli.table import TextColumn, terminal_width, text_table
from aeexp.cli.trained_run import find_trained
from aeexp.config.short_names import short_names
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError, FileMissingError
from aeexp.runs.code_version import code_tags, source_tags
from aeexp.runs.environment import environment
from aeexp.sweeps.tasks import REPETITIONS
from aeexp.tracking.artifacts import FigureArtifact, TableArtifact, figure_formats
from aeexp.tracking.opening import open_recorded
from aeexp.tracking.store import RunStore, direction
from aeexp.tracking.tags import KIND_TAG, PARENT_TAG
from aeexp.tracking.tracker import RunSpec

if TYPE_CHECKING:
    import numpy as np

    from aeexp.runs.comparison import ComparedRow, Configuration

TASK = ("dataset", "corruption")
"""Parts of the settings that say what the runs were tested on."""

CAPTION = "Means over seeds and folds with their 95 % intervals; of a single run, the interval over the test images. \
Blue: not told apart from the best."


def run(config: DictConfig) -> None:
    """Compare, record, and print the table."""
    formats = figure_formats(config.report)
    tracker = open_recorded(config.tracking)
    rows = _trainings(tracker.store, config.runs)
    _check_metric(config.sort, rows)
    baseline = None if config.reference is None else find_trained(tracker.store, config.reference)
    if baseline is not None and baseline not in {row.id for row in rows}:
        rows.append(Row.from_run(tracker.store.info(baseline)))
    from aeexp.reports.intervals import draw_intervals
    from aeexp.runs.comparison import compare, remarks

    configurations = _configurations(tracker.store, rows, config.sort)
    meant = next(
        (each.name for each in configurations if baseline in {run.id for run in each.trainings.values()}), None
    )
    compared = compare(configurations, bool(direction(config.sort, rows[0].tags)), meant)
    figure = draw_intervals(
        [row.name for row in compared],
        [row.mean for row in compared],
        [row.interval for row in compared],
        [bool(row.tied) for row in compared],
        config.sort,
    )
    columns = _columns(compared)
    with tracker.record(_spec(rows, config.sort)) as recorded:
        recorded.write(TableArtifact("comparison", columns))
        recorded.write(FigureArtifact("comparison", figure, CAPTION, formats))
    print(f"{config.sort}, differences to {meant or 'the best'}")
    titles = [TextColumn(title, is_number=title not in ("configuration", "paired by", "")) for title in columns]
    cells = [list(map(str, row)) for row in zip(*columns.values(), strict=True)]
    print("\n".join(text_table(titles, cells, terminal_width())[0]))
    print("\n".join([*remarks(compared), *_tasks(rows)]))
    print(f"figure  {recorded.location}/figures/comparison.{formats[0]}")


def _trainings(store: RunStore, selectors: Sequence[str]) -> list[Row]:
    """The finished trainings that are meant; a sweep means its jobs."""
    found: dict[str, Row] = {}
    for selector in selectors:
        row = Row.from_run(store.info(store.find(selector)))
        if row.kind == SWEEP:
            jobs = store.list(f"tags.`{PARENT_TAG}` = '{row.id}' and attributes.status = 'FINISHED'")
            found |= {job.id: Row.from_run(job) for job in jobs}
        else:
            found |= {(run_id := find_trained(store, selector)): Row.from_run(store.info(run_id))}
    trainings = [row for row in found.values() if row.kind == TRAINING]
    if len(trainings) < 2:
        raise ConfigError(
            f"runs: a comparison needs two runs or more. Received {len(trainings)}; name them as in runs=[3f2a,91c0], "
            "or a sweep that has finished."
        )
    return trainings


def _check_metric(metric: str, rows: Sequence[Row]) -> None:
    lacking = [row.id[:8] for row in rows if metric not in row.metrics]
    if lacking:
        known = sorted(set.intersection(*(set(row.metrics) for row in rows)))
        raise ConfigError(
            f"sort: run {', '.join(lacking[:3])} has no metric {metric}.{did_you_mean(metric, known)} "
            f"Choose one that all have, such as {', '.join(known[:6]) or 'none'}."
        )


def _configurations(store: RunStore, rows: Sequence[Row], metric: str) -> list["Configuration"]:
    from aeexp.runs.comparison import Configuration, Trained

    trainings: dict[str, dict[tuple[str, ...], Trained]] = defaultdict(dict)
    names = _names(rows)
    for row in rows:
        repetition = tuple(row.value(key) for key in REPETITIONS)
        images = partial(_per_image, store, row.id, metric)
        trainings[names[row.id]].setdefault(repetition, Trained(row.id, row.metrics[metric], cache(images)))
    return [Configuration(name, found) for name, found in trainings.items()]


def _names(rows: Sequence[Row]) -> dict[str, str]:
    """What tells the settings of each run apart from those of the others, but for what repeats a training."""
    values = {row.id: {**row.chosen, **row.settings} for row in rows}
    keys = dict.fromkeys(key for each in values.values() for key in each if key not in (*REPETITIONS, "experiment"))
    different = [key for key in keys if len({each.get(key) for each in values.values()}) > 1]
    short = dict(zip(different, short_names(different), strict=True))
    return {
        row.id: " ".join(f"{short[key]}={values[row.id][key]}" for key in different if key in values[row.id]) or "all"
        for row in rows
    }


def _per_image(store: RunStore, run_id: str, metric: str) -> "np.ndarray | None":
    """The metric of each test image; None for other metrics, and for runs of versions that did not record it."""
    import numpy as np

    split, _, name = metric.partition("/")
    with TemporaryDirectory() as folder:
        try:
            path = store.read_file(run_id, "arrays/per_image.npz", Path(folder))
        except FileMissingError:
            return None
        with np.load(path, allow_pickle=False) as arrays:
            return arrays[name] if split == "test" and name in arrays else None


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


def _tasks(rows: Sequence[Row]) -> list[str]:
    """A warning where the runs were not tested on the same images."""
    tasks = {tuple((key, row.value(key)) for key in sorted(row.settings) if key.startswith(TASK)) for row in rows}
    chosen = {tuple(row.chosen.get(part, "") for part in TASK) for row in rows}
    if max(len(tasks), len(chosen)) == 1:
        return []
    return ["The runs differ in data or corruption, so the means are not those of the same task."]
