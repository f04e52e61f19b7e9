"""Recorded runs, made by hand."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count

from aeexp.tracking.store import RunInfo

NOW = datetime(2026, 5, 4, 12, 0)
NUMBERS = count(1)


def run_info(name: str, kind: str = "training", parent: str = "", status: str = "FINISHED", **more: Mapping) -> RunInfo:
    """A run that began a minute before those that were made after it.

    Args:
        more: `params`, `tags`, `metrics` and `digests`.
    """
    number = next(NUMBERS)
    tags = {"aeexp.kind": kind, **({"mlflow.parentRunId": parent} if parent else {}), **more.get("tags", {})}
    begin = NOW - timedelta(days=1) + timedelta(minutes=number)
    params, metrics = dict(more.get("params", {})), dict(more.get("metrics", {}))
    end, digests = begin + timedelta(seconds=80), dict(more.get("digests", {}))
    return RunInfo(f"{number:032x}", name, status, begin, end, "", params, tags, metrics, digests)
