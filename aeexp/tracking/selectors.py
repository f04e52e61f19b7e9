"""Selectors of runs: `latest`, `best:val/psnr` or the beginning of an id, and the errors of those that mean no run."""

from collections.abc import Iterable, Sequence

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import RunNotFoundError

LATEST = "latest"
BEST = "best:"
FORMS = "Give an id or its beginning, latest, best:<metric>, or the name of a registered model"


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
