"""Short texts about a run: how old it is, how long it took, which of its settings matter."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aeexp.config.overrides import CUT, DEFAULTS
from aeexp.listing.choices import default_choice
from aeexp.listing.row import EVALUATION, SWEEP, TRAINING, Row

ID = 8
"""Letters of an id that are shown; they nearly always tell the runs apart."""

PERIODS = ((86400, "d"), (3600, "h"), (60, "min"))
LARGEST = 1.7e308
"""What MLflow records in place of infinity, and beyond."""

IN_OTHER_COLUMNS = ("model", "dataset", "corruption", "report", "baseline", "log_model", "metric")
"""Words of a name that was derived from the overrides, which tell nothing that other columns do not."""


def age(row: Row, now: datetime) -> str:
    """How long ago a run began: `3 min`, `2 h`, `5 d`."""
    seconds = max((now - row.begin).total_seconds(), 0)
    return next((f"{seconds // size:.0f} {unit}" for size, unit in PERIODS if seconds >= size), f"{seconds:.0f} s")


def begin(row: Row) -> str:
    """When a run began, to the minute."""
    return f"{row.begin:%Y-%m-%d %H:%M}"


def period(seconds: float | None) -> str:
    """A duration in its two largest units: `1 min 20 s`."""
    if seconds is None:
        return ""
    parts: list[str] = []
    left = round(seconds)
    for size, unit in (*PERIODS, (1, "s")):
        if left >= size or (unit == "s" and not parts):
            parts.append(f"{left // size} {unit}")
            left %= size
    return " ".join(parts[:2])


def number(value: float) -> str:
    """A metric in four digits."""
    return f"{value:.4g}" if abs(value) < LARGEST else f"{value * 10:.4g}"


def gain(value: float) -> str:
    """A gain in dB, with its sign."""
    return f"{value:+.2f}"


def names(pool: Sequence[Row], short: Mapping[str, str], *, beside_settings: bool = False) -> Callable[[Row], str]:
    """What gives the name of a row; one derived from the overrides in short, without what other columns tell.

    Args:
        pool: all trainings of the list.
        short: names of settings by their keys.
        beside_settings: whether the settings stand in a column of their own, which then says what a name would.
    """
    told = {*IN_OTHER_COLUMNS, *(end for key, _ in _shared(pool) for end in (key, key.rpartition(".")[2]))}

    def shown(row: Row) -> str:
        words = [word.partition("=") for word in row.name.split()]
        telling = {
            key: f"{short.get(key, key)}{equals}{value}"
            for key, equals, value in words
            if key not in told and key != CUT
        }
        is_derived = row.kind == EVALUATION or is_named_after_settings(row)
        name = " ".join(telling.values()) if telling and is_derived else row.name
        if row.kind == SWEEP:
            name = " ".join(short.get(word, word) for word in row.name.split())
        if beside_settings and row.kind == TRAINING and is_derived:
            name = ""
        return "  " * (row.depth - 1) + "└ " * bool(row.depth) + name

    return shown


def is_named_after_settings(row: Row) -> bool:
    """Whether the name of a run was made of the overrides of its command, or of the lack of any."""
    words = [word.partition("=") for word in row.name.split()]
    return row.name == DEFAULTS or all(equals or key == CUT for key, equals, _ in words)


def changes(pool: Sequence[Row], short: Mapping[str, str], options: Sequence[str] = ()) -> Callable[[Row], str]:
    """What tells the settings of a row: those that are not the default and not the same in all runs.

    Args:
        pool: all trainings of the list.
        short: names of settings by their keys.
        options: groups whose options are told as well, where they are not the same in all runs.
    """
    shared = _shared(pool)
    differing = [group for group in options if len({row.chosen.get(group, "") for row in pool}) > 1]

    def shown(row: Row) -> str:
        pairs = [
            (group, row.chosen[group])
            for group in differing
            if row.chosen.get(group, default_choice(group)) != default_choice(group)
        ]
        pairs += [(key, value) for key, value in row.changed.items() if (key, value) not in shared]
        return row.note or " ".join(f"{short.get(key, key)}={_value(value)}" for key, value in pairs)

    return shown


def _value(text: str) -> str:
    """A value without the spaces of a list; in another text, such as a path, they belong to it."""
    return re.sub(r",\s+", ",", text) if text[:1] in ("[", "{") else text


def _shared(pool: Sequence[Row]) -> set[tuple[str, str]]:
    """The settings that all runs, if they are several, have in common."""
    counts = Counter(pair for row in pool for pair in row.changed.items())
    return {pair for pair, count in counts.items() if count == len(pool) > 1}
