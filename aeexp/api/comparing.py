"""Comparisons of runs: what `aeexp compare` does but for its printing, and its call."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from omegaconf import DictConfig

from aeexp.api.comparison import Comparison
from aeexp.api.overrides import Overrides
from aeexp.api.run import Run
from aeexp.api.sweep import SweepResult
from aeexp.config.composition import composed
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.listing.comparison_table import comparison_columns
from aeexp.listing.configurations import configurations, task_keys, trainings
from aeexp.listing.row import Row
from aeexp.listing.trained_run import find_trained
from aeexp.listing.words import ID
from aeexp.metrics.interval_names import is_interval_end
from aeexp.runs.code_version import code_tags, source_tags
from aeexp.runs.environment import environment
from aeexp.runs.next_steps import STORE
from aeexp.tracking.artifacts import FigureArtifact, TableArtifact, figure_formats
from aeexp.tracking.opening import open_recorded
from aeexp.tracking.store import direction
from aeexp.tracking.tags import KIND_TAG
from aeexp.tracking.tracker import RunSpec, Tracker

OTHER_TASKS = "The runs were not tested alike, so the means are not those of the same task. They differ in {keys}."

SHORT = 40
"""Letters of a name up to which it stands in the title."""

CAPTION = "Means over seeds and folds with their 95 % intervals; of a single run, the interval over the test images. \
Blue: not told apart from the best."


def compare(
    *runs: Run | SweepResult | str | Sequence[Run | SweepResult | str],
    sort: str = "test/psnr",
    baseline: Run | str | None = None,
    **settings: Any,
) -> Comparison:
    """Compare trained runs by a metric, recorded as by `aeexp compare`.

        aeexp.compare(run, aeexp.load("91c0"), sort="test/ssim")
        aeexp.compare(aeexp.sweep("model.latent_dim=2,8", "seed=0,1,2"))

    Args:
        runs: two or more, as what `aeexp.load` takes or gives; seeds of the same settings are averaged. A sweep stands
            for its jobs.
        sort: the metric.
        baseline: the run that differences are to; None takes the best.
        settings: of `aeexp compare` as keywords, such as `home=FOLDER`.

    Raises:
        ConfigError: for fewer than two runs, and for a metric that not all of them have.
        RunNotFoundError: where there is no such run.
    """
    chosen = list(_flat(runs))
    store = next((each for each in map(_store, chosen) if each), ())
    reference = {} if baseline is None else {"reference": _selector(baseline)}
    given = {"runs": list(map(_selector, chosen)), "sort": sort, **reference, **settings}
    with composed("compare", Overrides.of(store, given).words) as config:
        return compare_config(config, open_recorded(config.tracking))


def _flat(runs: Sequence[Any]) -> Iterator[Run | SweepResult | str]:
    for each in runs:
        if isinstance(each, list | tuple):
            yield from _flat(each)
        else:
            yield each


def _selector(run: Run | SweepResult | str) -> str:
    if isinstance(run, Run | SweepResult):
        return run.id
    if not isinstance(run, str):
        raise ConfigError(f"runs: give runs, sweeps or their ids. Received {run!r}.")
    return run


def _store(run: Run | SweepResult | str) -> tuple[str, ...]:
    """The overrides that say where a run is recorded."""
    if isinstance(run, Run):
        return run.words
    words = run.overrides.words if isinstance(run, SweepResult) else ()
    return tuple(word for word in words if word.startswith(STORE))


def compare_config(config: DictConfig, tracker: Tracker) -> Comparison:
    """Compare the runs of a config of `aeexp compare`, and record the comparison.

    Args:
        tracker: that has recorded them.
    """
    formats = figure_formats(config.report)
    rows = trainings(tracker.store, config.runs)
    _check_metric(config.sort, rows)
    baseline = None if config.reference is None else find_trained(tracker.store, config.reference)
    if baseline is not None and baseline not in {row.id for row in rows}:
        rows.append(Row.from_run(tracker.store.info(baseline)))
    from aeexp.runs.comparison import compare as compared
    from aeexp.runs.comparison import remarks
    from aeexp.runs.comparison_figure import draw_comparison

    found = configurations(tracker.store, rows, config.sort)
    meant = next((each.name for each in found if each.includes(baseline)), None)
    table = compared(found, _is_higher_better(config.sort, rows[0]), meant)
    with tracker.record(_spec(rows, config.sort)) as recorded:
        recorded.write(TableArtifact("comparison", comparison_columns(table)))
        recorded.write(FigureArtifact("comparison", draw_comparison(table, config.sort), CAPTION, formats))
    return Comparison(
        id=recorded.id,
        tracker=tracker,
        title=_title(config.sort, meant, baseline),
        rows=tuple(table),
        remarks=(*remarks(table), *_of_tasks(task_keys(rows))),
        figure=f"{recorded.location}/figures/comparison.{formats[0]}",
    )


def _title(metric: str, baseline: str | None, run_id: str | None) -> str:
    """What the table shows; a baseline whose name is long is called by its id."""
    if baseline is None or run_id is None:
        return f"{metric}, differences to the best"
    return f"{metric}, differences to {baseline if len(baseline) <= SHORT else run_id[:ID]}"


def _of_tasks(keys: Sequence[str]) -> list[str]:
    return [OTHER_TASKS.format(keys=", ".join(keys))] if keys else []


def _check_metric(metric: str, rows: Sequence[Row]) -> None:
    lacking = [row.id[:ID] for row in rows if metric not in row.metrics]
    if lacking:
        common = set.intersection(*(set(row.metrics) for row in rows))
        known = sorted(name for name in common if not is_interval_end(name))
        lack = "run {} has" if len(lacking) == 1 else "runs {} have"
        raise ConfigError(
            f"sort: {lack.format(', '.join(lacking[:3]))} no metric {metric}.{did_you_mean(metric, known)} "
            f"Choose one that all have, such as {', '.join(known[:6]) or 'none'}."
        )
    if infinite := [row.id[:ID] for row in rows if not math.isfinite(row.metrics[metric])]:
        raise ConfigError(
            f"sort: {metric} of run {', '.join(infinite[:3])} is no finite number; "
            "leave it out, or choose another metric."
        )


def _is_higher_better(metric: str, row: Row) -> bool:
    known = direction(metric, row.tags)
    if known is None:
        raise ConfigError(f"sort: it is not known whether higher values of {metric} are better; choose another metric.")
    return known


def _spec(rows: Sequence[Row], metric: str) -> RunSpec:
    return RunSpec(
        name=f"compare {len(rows)} runs by {metric}",
        params={"runs": [row.id for row in rows], "metric": metric},
        tags={KIND_TAG: "comparison", **source_tags(), **code_tags({})},
        texts={"environment.json": json.dumps(environment(), indent=2)},
    )
