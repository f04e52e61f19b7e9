"""Selectors of runs: `latest`, `best:val/psnr` or the beginning of an id, and the errors of those that mean no run."""

import math
from collections.abc import Iterable, Sequence

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import RunNotFoundError
from aeexp.tracking.store import RunInfo, Runs, is_higher_better
from aeexp.tracking.tags import KIND_TAG

LATEST = "latest"
BEST = "best:"
FORMS = "Give an id or its beginning, latest, best:<metric>, or the name of a registered model"


def find_among(runs: Sequence[RunInfo], selector: str, *, unfinished: bool) -> RunInfo:
    """The run that a selector means.

    Args:
        runs: the newest first.
        selector: as in `RunStore.find`.
        unfinished: whether `latest` may be a training that has not finished.

    Raises:
        RunNotFoundError: where it means none, or more than one.
    """
    trainings = [run for run in runs if run.tags.get(KIND_TAG) == "training"]
    finished = [run for run in trainings if run.status == "FINISHED"]
    if selector == LATEST:
        return _first(trainings if unfinished else finished, selector)
    if selector.startswith(BEST):
        metric = selector.removeprefix(BEST)
        best = _first(best_first(finished, metric), selector)
        if metric not in best.metrics:
            raise no_such_metric(selector, best.metrics)
        return best
    meant = [run for run in runs if selector and run.id.startswith(selector)]
    if len(meant) > 1:
        raise ambiguous(selector, [run.id for run in meant])
    if not meant:
        raise unknown(selector)
    return meant[0]


def best_first(runs: Sequence[RunInfo], metric: str) -> Runs:
    """Runs by the value of a metric: the best first, NaN behind all numbers, and runs without the metric last.

    Args:
        runs: the newest first; the newest one with the metric says whether higher is better.
    """
    newest = next((run for run in runs if metric in run.metrics), None)
    sign = -1 if newest and is_higher_better(metric, newest.tags) else 1

    def rank(run: RunInfo) -> tuple[int, float]:
        value = run.metrics.get(metric)
        if value is None:
            return 2, 0.0
        return (1, 0.0) if math.isnan(value) else (0, sign * value)

    return sorted(runs, key=rank)


def no_training(selector: str) -> RunNotFoundError:
    """For a store without a finished training."""
    return RunNotFoundError(f"run={selector}: there is no such training yet; train one with aeexp train.")


def no_such_metric(selector: str, metrics: Iterable[str]) -> RunNotFoundError:
    """For a metric that no run has; some of those that one has are named."""
    known = ", ".join(sorted(name for name in metrics if name.startswith(("test/", "val/"))))
    return RunNotFoundError(f"run={selector}: no finished run has this metric; one of them has {known or 'none'}.")


def ambiguous(selector: str, ids: Sequence[str]) -> RunNotFoundError:
    """For the beginning of several ids."""
    shown = ", ".join(ids[:3])
    return RunNotFoundError(f"run={selector}: more than one run begins so ({shown}, …); give more of the id.")


def unknown(selector: str) -> RunNotFoundError:
    """For what no run is known by."""
    meant = did_you_mean(selector, [LATEST]) if len(selector) > 3 and not selector.isdigit() else ""
    return RunNotFoundError(f"run={selector}: there is no such run.{meant} {FORMS}; aeexp runs lists them.")


def _first(runs: Sequence[RunInfo], selector: str) -> RunInfo:
    if not runs:
        raise no_training(selector)
    return runs[0]
