"""Details of a run as text for the terminal and as plain values for JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aeexp.listing.columns import Columns
from aeexp.listing.details import Details
from aeexp.listing.export import records
from aeexp.listing.layout import plain_table
from aeexp.listing.row import SWEEP
from aeexp.listing.table import TextColumn, plain, text_table
from aeexp.listing.winner import Sweep
from aeexp.listing.words import age, begin, number, period
from aeexp.metrics.interval_names import is_interval_end
from aeexp.runs.metric_table import best_baseline, headline, in_words, intervals, latent_summary

EVALUATIONS = ["id", "name", "age", "state", "data", "corruption", "settings", "test/psnr", "gain"]
LONGEST = 60
"""Characters that are shown of a default."""

RATE = "learning_rate"
"""A metric that an epoch has where the rate changes."""

WEIGHTED_TERM = "loss_"
"""Beginning of the terms of the loss with their weights; each has a row without its weight already."""


def details_text(details: Details, width: int | None) -> str:
    """All of it under headings.

    Args:
        width: of the terminal; paths and commands are never cut.
    """
    is_sweep = details.row.kind == SWEEP
    sections = [
        _head(details),
        _section("settings that are not the default", _changes(details)),
        _section("mean metrics of the winner" if is_sweep else "metrics", _metrics(details, width)),
        _section("jobs, the best first" if is_sweep else "evaluations", _below(details, width)),
        _section("files", [f"{details.folder}/{name}" for name in details.files]),
        _section("how to go on", _commands(details)),
    ]
    return "".join(f"{line}\n" for section in sections for line in section)


def details_record(details: Details) -> dict[str, Any]:
    """All of it as plain values."""
    (record,) = records([details.row])
    epochs = details.epochs
    return {
        **record,
        "changed": {key: {"value": value, "default": default} for key, (value, default) in details.changed.items()},
        "best_epoch": {"epoch": epochs.best, "metrics": dict(epochs.at_best)},
        "last_epoch": {"epoch": epochs.last, "metrics": dict(epochs.at_last)},
        "failure": details.failure or None,
        "folder": details.folder,
        "files": [f"{details.folder}/{name}" for name in details.files],
        "jobs" if details.row.kind == SWEEP else "evaluations": records(details.below),
        "commands": list(details.commands),
    }


def _head(details: Details) -> list[str]:
    row = details.row
    chosen = [f"{group}={option}" for group, option in row.chosen.items() if option]
    took = f", took {period(row.seconds)}" if row.seconds is not None else ""
    about = {
        "state": f"{row.state}{took}; began {begin(row)}, {age(row, datetime.now())} ago",
        "failed with": details.failure,
        "found": row.note,
        "belongs to": row.parent,
        "made of": " ".join(chosen),
    }
    lines = [f"  {title:<13}{plain(text)}" for title, text in about.items() if text]
    return [f"{row.kind} {row.id}  {plain(row.name)}", *lines]


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def _changes(details: Details) -> list[str]:
    longest = max(map(len, details.changed), default=0)
    values = {key: (plain(value), plain(default)) for key, (value, default) in details.changed.items()}
    size = max((len(value) for value, _ in values.values() if len(value) <= LONGEST), default=0)
    return [
        f"{key:<{longest}}  {value:<{size}}  (default {_short(default)})" for key, (value, default) in values.items()
    ]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _metrics(details: Details, width: int | None) -> list[str]:
    row, epochs = details.row, details.epochs
    named = {
        f"validation, epoch {epochs.best} (best)": _of_epoch(epochs.at_best),
        f"validation, epoch {epochs.last} (last)": _of_epoch(epochs.at_last) if epochs.last != epochs.best else {},
        "test": _of(row.metrics, "test/"),
        "95 % interval": intervals(row.metrics, "test/"),
    }
    if (best := best_baseline(row.metrics)) is not None:
        named[f"baseline: {in_words(best)}"] = _of(row.metrics, f"baseline/{best}/")
    columns = {title: values for title, values in named.items() if values}
    names = dict.fromkeys(name for values in columns.values() for name in values)
    drawn = [TextColumn(""), *(TextColumn(title, is_number=True) for title in columns)]
    cells = [[in_words(name), *(values.get(name, "") for values in columns.values())] for name in names]
    table = text_table(drawn, cells, width and width - 2)[0] if cells else []
    monitored = f"The best epoch is that of {row.monitor}." if epochs.best is not None else ""
    return [*table, *(line for line in (monitored, headline(row.metrics), latent_summary(row.metrics)) if line)]


def _of_epoch(metrics: Mapping[str, float]) -> dict[str, str]:
    """The metrics of the validation images, and the learning rate where a schedule changes it."""
    rate = {RATE: number(metrics[RATE])} if RATE in metrics else {}
    return _of(metrics, "val/") | rate


def _of(metrics: Any, prefix: str) -> dict[str, str]:
    named = {name.removeprefix(prefix): value for name, value in metrics.items() if name.startswith(prefix)}
    shown = [name for name in named if not name.startswith(WEIGHTED_TERM) and not is_interval_end(name)]
    return {name: number(named[name]) for name in shown}


def _below(details: Details, width: int | None) -> list[str]:
    if not details.below:
        return []
    row = details.row
    names = EVALUATIONS
    columns = Columns(details.below, details.below)
    if row.kind == SWEEP:
        metric = Sweep(row, details.below).metric
        wanted = dict.fromkeys([metric, details.below[0].monitor, "test/psnr"])
        names = ["id", "name", "age", "state", *(name for name in wanted if name in columns.metrics), "gain"]
    names = [name for name in names if "/" not in name or name in columns.metrics]
    return plain_table(columns.chosen(names), details.below, width and width - 2)[0].splitlines()


def _commands(details: Details) -> list[str]:
    longest = max(map(len, details.commands), default=0)
    return [f"{command:<{longest}}  {purpose}" for command, purpose in details.commands.items()]
