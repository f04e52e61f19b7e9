"""Comparison of runs as a table of texts: a column a list, and as lines of a width."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aeexp.listing.table import TextColumn, text_table
from aeexp.listing.words import ID
from aeexp.metrics.rounding import interval_text, p_text, rounded

if TYPE_CHECKING:
    from aeexp.runs.comparison import ComparedRow

LAYOUT: dict[str, dict[str, Any]] = {
    "run": {},
    "configuration": {"least": 16, "is_name": True, "most": 100_000},
    "95 % interval": {"is_number": True, "rank": 1},
    "its interval": {"is_number": True, "rank": 3},
    "p": {"is_number": True, "rank": 2},
    "paired by": {"rank": 4, "most": 100_000},
    "verdict": {},
}
"""Of the columns of the table; the others are numbers that are never left out."""


def comparison_columns(rows: Sequence["ComparedRow"]) -> dict[str, list[str]]:
    """The columns by their titles, the best row first."""

    def of(text: Callable[["ComparedRow"], str]) -> list[str]:
        return [text(row) for row in rows]

    return {
        "run": of(lambda row: row.ids[0][:ID] if row.runs == 1 else f"{row.runs} runs"),
        "configuration": of(lambda row: row.name),
        "mean": of(lambda row: rounded(row.mean, *row.interval)),
        "95 % interval": of(lambda row: interval_text(*row.interval)),
        "difference": of(_difference),
        "its interval": of(
            lambda row: interval_text(row.difference.low, row.difference.high) if row.difference else ""
        ),
        "p": of(lambda row: "" if row.p_value is None else p_text(row.p_value)),
        "paired by": of(lambda row: row.paired_by),
        "verdict": verdicts(rows),
    }


def comparison_lines(columns: dict[str, list[str]], width: int | None) -> tuple[list[str], list[str]]:
    """The table in lines, and the titles of the columns for which there was no room.

    Args:
        width: in letters; None for no limit.
    """
    drawn = [TextColumn(title, **LAYOUT.get(title, {"is_number": True})) for title in columns]
    return text_table(drawn, [list(row) for row in zip(*columns.values(), strict=True)], width)


def verdicts(rows: Sequence["ComparedRow"]) -> list[str]:
    """What is known of each row beside the best, which is the first."""
    return ["best", *map(_verdict, rows[1:])]


def _difference(row: "ComparedRow") -> str:
    if row.difference is None:
        return "baseline" if row.is_baseline else ""
    text = rounded(row.difference.mean, row.difference.low, row.difference.high)
    return text if row.difference.mean < 0 else f"+{text}"


def _verdict(row: "ComparedRow") -> str:
    return "not tested" if row.tied is None else "tied" if row.tied else "worse"
