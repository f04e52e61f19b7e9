"""`aeexp runs`: the recorded runs as a table, CSV or JSON. Loads MLflow for a filter or a server only."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from omegaconf import DictConfig, OmegaConf

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.listing.choices import CHOICES
from aeexp.listing.columns import DEFAULT, OPTIONS, Column, Columns
from aeexp.listing.export import records, to_csv, to_json
from aeexp.listing.folding import folded, without_comparisons
from aeexp.listing.groups import grouped
from aeexp.listing.layout import plain_table, runs_table
from aeexp.listing.order import best_first
from aeexp.listing.row import TRAINING, Row
from aeexp.listing.table import terminal_width, write
from aeexp.tracking.mlflow.reading import read_runs
from aeexp.tracking.store import check_limit

FORMATS = ("table", "wide", "csv", "json")
ROWS_IN_TERMINAL = 20
"""That are shown unless `limit` says otherwise."""


def run(config: DictConfig) -> None:
    """Show the runs that meet the filter.

    Raises:
        ConfigError: for a format, metric, column or group that there is not.
    """
    _check(config)
    rows = [Row.from_run(each) for each in read_runs(config.tracking, config.filter)]
    if not rows:
        _say_that_there_are_none(config)
        return
    hidden = ""
    asked_for = config.expand or config.filter or "kind" in _names(config.columns)
    if config.format in ("table", "wide") and not asked_for:
        rows, hidden = without_comparisons(rows)
    keys = _group_keys(_names(config.group), Columns(rows, rows))
    blocks = _blocks(rows, keys, config)
    shown = blocks[: _limit(config)]
    listed = [row for block in shown for row in block]
    text, left_out = _formatted(listed, rows, config, grouped=bool(keys))
    write(text)
    if left_out:
        print(f"columns left out at this width: {', '.join(left_out)}; format=wide shows all", file=sys.stderr)
    if hidden:
        print(f"{hidden} left out; expand=true lists them", file=sys.stderr)
    if len(shown) < len(blocks):
        print(f"{len(shown)} of {len(blocks)} rows; limit={len(blocks)} shows all", file=sys.stderr)


def _formatted(
    rows: Sequence[Row], all_rows: Sequence[Row], config: DictConfig, *, grouped: bool
) -> tuple[str, list[str]]:
    """The rows as text, and the columns for which there was no room."""
    ids = {row.id for row in rows}
    below = [row for row in all_rows if row.kind == TRAINING and (row.id in ids or row.parent in ids)]
    names = _names(config.columns)
    columns = Columns(rows, rows if grouped else below, beside_settings=DEFAULT in (names or [DEFAULT]))
    chosen = columns.chosen(_expanded(names, columns.default(config.sort, grouped=grouped)))
    if config.format == "json":
        content = [{each.title: each.value(row) for each in chosen} for row in rows] if names else records(rows)
        return to_json(content), []
    if config.format == "csv":
        return to_csv(rows, chosen if names else None), []
    if config.format == "wide":
        return plain_table(chosen if names else columns.chosen(columns.wide(config.sort, grouped=grouped)), rows, None)
    if names and DEFAULT not in names:
        return plain_table(chosen, rows, terminal_width())
    return _default_table(columns, chosen, rows)


def _default_table(columns: Columns, chosen: Sequence[Column], rows: Sequence[Row]) -> tuple[str, list[str]]:
    """The table, in which the options without a column of their own stand among the settings."""
    text, left_out = runs_table(chosen, rows, terminal_width())
    told = [title for title in left_out if title in OPTIONS]
    if not told:
        return text, left_out
    titles = [column.title for column in chosen if column.title not in told]
    text, others = runs_table(replace(columns, told=told).chosen(titles), rows, terminal_width())
    return text, [*told, *others]


def _blocks(rows: Sequence[Row], keys: Sequence[str], config: DictConfig) -> list[tuple[Row, ...]]:
    """The rows in the order in which they are shown, each with those that stay beneath it."""
    if keys:
        blocks: list[tuple[Row, ...]] = [(row,) for row in grouped(rows, keys)]
    elif config.format in ("csv", "json"):
        blocks = [(row,) for block in folded(rows, expand=True) for row in block]
    else:
        blocks = folded(rows, config.expand)
    return blocks if config.sort is None else best_first(blocks, config.sort, rows)


def _group_keys(names: Sequence[str], columns: Columns) -> list[str]:
    """The dotted keys that runs are grouped over.

    Raises:
        ConfigError: for a name that is no setting and no group of options.
    """
    known = {"data": "dataset", **{group: group for group in CHOICES}, **columns.settings}
    for name in names:
        if name not in known:
            raise ConfigError(
                f"group: {name} is no setting of these runs.{did_you_mean(name, known)} Choose from "
                f"{', '.join([*CHOICES, *columns.varied])}."
            )
    return [known[name] for name in names]


def _check(config: DictConfig) -> None:
    if config.format not in FORMATS:
        raise ConfigError(
            f"format: no such format: {config.format}.{did_you_mean(str(config.format), FORMATS)} Choose from "
            f"{', '.join(FORMATS)}."
        )
    if config.limit is not None:
        check_limit(config.limit)


def _limit(config: DictConfig) -> int | None:
    return config.limit or (ROWS_IN_TERMINAL if sys.stdout.isatty() and config.format in ("table", "wide") else None)


def _names(value: Any) -> list[str]:
    """One name or a list of them, as `group=seed` and `group=[seed,model]` give them."""
    if value is None or value == "":
        return []
    return (
        [str(each) for each in value] if OmegaConf.is_list(value) else [each.strip() for each in str(value).split(",")]
    )


def _expanded(names: Sequence[str], default: Sequence[str]) -> list[str]:
    found = [each for name in names or [DEFAULT] for each in (default if name == DEFAULT else [name])]
    return list(dict.fromkeys(found))


def _say_that_there_are_none(config: DictConfig) -> None:
    if config.format == "json":
        write("[]\n")
    folder = config.tracking.get("folder", "")
    message = f"no run meets filter={config.filter}" if config.filter else f"no run is recorded yet in {folder}"
    print(message, file=sys.stderr if config.format in ("csv", "json") else sys.stdout)
