"""Groups of runs that differ only in given keys, such as the seed: one row each, with mean and standard deviation."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aeexp.listing.row import TRAINING, Row

Key = tuple[tuple[str, str], ...]


def grouped(rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    """A row for all trainings that are the same but for some keys, in the order of the newest of each.

    Args:
        keys: dotted keys of settings, or groups with all that lies below them.
    """
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind == TRAINING:
            groups[_others(row, keys)].append(row)
    return [_one_row(members, keys) for members in groups.values()]


def means(rows: Sequence[Row]) -> tuple[dict[str, float], dict[str, float]]:
    """The mean and the standard deviation of each metric over the runs that have it.

    The latter is that of a sample, and only of metrics that two runs or more have.
    """
    values: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        for name, value in row.metrics.items():
            values[name].append(value)
    averages = {name: sum(each) / len(each) for name, each in values.items()}
    return averages, {name: _deviation(each, averages[name]) for name, each in values.items() if len(each) > 1}


def finished(rows: Sequence[Row]) -> Sequence[Row]:
    """The runs that have finished, or all where none has: their metrics can be averaged."""
    return [row for row in rows if row.state == "finished"] or rows


def states(rows: Sequence[Row]) -> str:
    """The state that runs have in common, or how many have each."""
    counts = Counter(row.state for row in rows)
    return rows[0].state if len(counts) == 1 else ", ".join(f"{count} {state}" for state, count in counts.items())


def _one_row(rows: Sequence[Row], keys: Sequence[str]) -> Row:
    metrics, spread = means(finished(rows))
    shared = {key: value for key, value in rows[0].changed.items() if not _is_below(key, keys)}
    ends = [row.end for row in rows if row.end]
    return replace(
        rows[0],
        name=_name([row.name for row in rows], keys),
        state=states(rows),
        begin=min(row.begin for row in rows),
        end=max(ends) if len(ends) == len(rows) else None,
        chosen=_shared([row.chosen for row in rows]),
        settings=_shared([row.settings for row in rows]),
        changed=shared,
        metrics=metrics,
        spread=spread,
        runs=len(rows),
    )


def _deviation(values: Sequence[float], mean: float) -> float:
    return math.sqrt(sum((value - mean) * (value - mean) for value in values) / (len(values) - 1))


def _others(row: Row, keys: Sequence[str]) -> Key:
    """What a run is told apart by besides the keys."""
    pairs = [*row.chosen.items(), *row.settings.items(), ("monitor", row.monitor)]
    return tuple(sorted(pair for pair in pairs if pair[1] != "null" and not _is_below(pair[0], keys)))


def _is_below(key: str, keys: Sequence[str]) -> bool:
    return any(key == each or key.startswith(f"{each}.") for each in keys)


def _shared(nodes: Sequence[Mapping[str, str]]) -> dict[str, str]:
    first, *others = nodes
    return {key: value for key, value in first.items() if all(each.get(key) == value for each in others)}


def _name(names: Sequence[str], keys: Sequence[str]) -> str:
    """The name that runs share once the words about the keys are left out."""
    if len(names) == 1:
        return names[0]
    ends = "|".join(re.escape(key.rpartition(".")[2]) for key in keys)
    left = {re.sub(rf"(^|\s)([\w.]+\.)?({ends})=\S+", "", name).strip() for name in names}
    return left.pop() if len(left) == 1 and "" not in left else f"{len(names)} runs"
