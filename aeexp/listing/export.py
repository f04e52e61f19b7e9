"""Lists of runs for other programs: CSV and JSON with all settings and metrics."""

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from aeexp.listing.columns import Column
from aeexp.listing.row import Row
from aeexp.listing.settings import NULL


def records(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """All that is known of each run, as plain values; numbers that JSON lacks are null."""
    return [_record(row) for row in rows]


def to_json(content: Any) -> str:
    """Plain values as indented JSON."""
    return json.dumps(_without_nan(content), indent=2, ensure_ascii=False) + "\n"


def to_csv(rows: Sequence[Row], columns: Sequence[Column] | None) -> str:
    """A line per run under a heading.

    Args:
        columns: to write; None writes all that is known, with each setting and metric in a column of its own.
    """
    if columns is None:
        table = [_flat(record) for record in records(rows)]
    else:
        table = [{column.title: column.value(row) for column in columns} for row in rows]
    names = _ordered(table)
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()


def _record(row: Row) -> dict[str, Any]:
    several = {"runs": row.runs, "standard_deviations": dict(row.spread)} if row.runs != 1 or row.spread else {}
    return {
        **{"id": row.id, "name": row.name, "kind": row.kind, "parent": row.parent or None, "state": row.state},
        "begin": row.begin.isoformat(timespec="seconds"),
        "end": row.end.isoformat(timespec="seconds") if row.end else None,
        "seconds": row.seconds,
        **({"note": row.note} if row.note else {}),
        **several,
        **row.chosen,
        "monitor": row.monitor,
        "settings": {key: _typed(value) for key, value in row.settings.items()},
        "metrics": dict(row.metrics),
    }


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with the names of settings and metrics as they are, and `… std` for the standard deviations."""
    deviations = {f"{name} std": value for name, value in record.get("standard_deviations", {}).items()}
    plain = {name: value for name, value in record.items() if not isinstance(value, dict)}
    return {**plain, **record["settings"], **record["metrics"], **deviations}


def _typed(text: str) -> Any:
    """The value that a recorded text stands for: a number, a truth value, nothing, or itself."""
    constants = {NULL: None, "True": True, "False": False}
    if text in constants:
        return constants[text]
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


def _ordered(table: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for each in table for name in each))


def _without_nan(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _without_nan(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_without_nan(value) for value in node]
    return None if isinstance(node, float) and not math.isfinite(node) else node
