"""Layout of a list of runs as text: which columns give way in a narrow terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from aeexp.listing.columns import PSNR, Column
from aeexp.listing.row import Row
from aeexp.listing.table import TextColumn, text_table

LAYOUT: Mapping[str, Mapping[str, Any]] = {
    "id": {"most": 32},
    "name": {"least": 12, "wanted": 20, "is_name": True},
    "age": {"rank": 3},
    "state": {"rank": 4},
    "runs": {"rank": 1},
    "model": {"rank": 6, "most": 16},
    "data": {"rank": 8, "least": 6, "wanted": 10},
    "corruption": {"rank": 7, "least": 9, "wanted": 15},
    "settings": {"rank": 1, "least": 24, "wanted": 28, "most": 100},
    PSNR: {"rank": 2},
    "gain": {"rank": 2},
}
"""Of the columns that are shown by default: which are left out first, the highest ranks, and how far they are cut."""

FURTHER_METRIC = {"extra": True, "rank": 9}
"""Of a metric, unless it is the first one, which is always shown."""


def runs_table(columns: Sequence[Column], rows: Sequence[Row], width: int | None) -> tuple[str, list[str]]:
    """The rows as a text table, and the titles of the columns for which there is no room.

    Args:
        width: that no line exceeds; None takes what the columns need, within bounds.
    """
    first, *others = [each.title for each in columns if "/" in each.title] or [""]
    layout = {**dict.fromkeys(others, FURTHER_METRIC), **LAYOUT, first: {}}
    drawn = [TextColumn(each.title, is_number=each.is_number, **layout.get(each.title, {})) for each in columns]
    return _text(drawn, columns, rows, width)


def plain_table(columns: Sequence[Column], rows: Sequence[Row], width: int | None) -> tuple[str, list[str]]:
    """The same for columns of which none is less important than another, in which nothing is cut without a width."""
    most = max((len(each.text(row)) * 2 for each in columns for row in rows), default=0)
    layout = {each.title: LAYOUT.get(each.title, {}) for each in columns}
    kept = {title: {key: node[key] for key in ("least", "is_name") if key in node} for title, node in layout.items()}
    drawn = [TextColumn(each.title, each.is_number, most=most, **kept[each.title]) for each in columns]
    return _text(drawn, columns, rows, width)


def _text(
    drawn: Sequence[TextColumn], columns: Sequence[Column], rows: Sequence[Row], width: int | None
) -> tuple[str, list[str]]:
    lines, left_out = text_table(drawn, [[each.text(row) for each in columns] for row in rows], width)
    return "".join(f"{line}\n" for line in lines), left_out
