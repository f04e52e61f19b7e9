"""Text tables of one line a row: as wide as the terminal, or of bounded width in a pipe; no text is markup."""

import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size

GAP = "  "
EMPTY = "-"
"""Stands in an empty cell, so that each line has the same number of columns."""

MOST = 40
"""Characters of a cell where no width is asked for."""

INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Categories of characters that have no width or another effect than being seen."""

JOINER = "\u200d"
"""Joins emoji into one where the terminal can; how wide they are then differs between terminals."""

RIGHT_TO_LEFT = ("R", "AL", "AN")
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class TextColumn:
    """A column of a text table.

    Args:
        is_number: whether it is aligned to the right.
        least: the width to which it may be cut; None never cuts it.
        wanted: the width that it is given before `extra` columns have room.
        extra: whether it is shown only where there is room for what the others want.
        rank: how early it is left out where the table is too wide; 0 keeps it.
        most: the width beyond which it is cut where there is room.
        is_name: whether rows are told apart by it: it is cut in the middle, and so far only that they still are.
    """

    title: str
    is_number: bool = False
    least: int | None = None
    wanted: int = 0
    extra: bool = False
    rank: int = 0
    most: int = MOST
    is_name: bool = False


def text_table(
    columns: Sequence[TextColumn], rows: Sequence[Sequence[str]], width: int | None
) -> tuple[list[str], list[str]]:
    """The lines of a table, the first of them its heading, and the titles of the columns that had to be left out.

    Args:
        width: that no line exceeds; None takes what the columns need.
    """
    cells = [[column.title, *(plain(row[place]) for row in rows)] for place, column in enumerate(columns)]
    columns = [_kept_apart(column, texts) for column, texts in zip(columns, cells, strict=True)]
    widths = {
        place: min(max(map(cell_len, cells[place])), max(column.most, cell_len(column.title)))
        for place, column in enumerate(columns)
    }
    left_out = [] if width is None else _fit(columns, cells, widths, width)
    padded = [[_padded(text, widths[place], columns[place]) for text in cells[place]] for place in widths]
    return [GAP.join(line).rstrip() for line in zip(*padded, strict=True)], left_out


def plain(text: str) -> str:
    """A text in which nothing breaks a line: a space for any white space, � for what cannot be seen."""
    if text.isascii() and text.isprintable():
        return text or EMPTY
    spaced = " ".join(text.split()).replace(JOINER, "")
    seen = "".join("\ufffd" if unicodedata.category(each) in INVISIBLE else each for each in spaced)
    return seen or EMPTY


def terminal_width() -> int | None:
    """The columns of the terminal, or what COLUMNS says; None in a pipe or a file."""
    if os.environ.get("COLUMNS", "").isdecimal() or sys.stdout.isatty():
        return max(shutil.get_terminal_size().columns, 20)
    return None


def write(text: str) -> None:
    """Write to standard output what its encoding knows; a reader that has read enough, such as `head`, is no error."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        with suppress(OSError):  # the interpreter flushes once more when it ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fit(
    columns: Sequence[TextColumn], cells: Sequence[Sequence[str]], widths: dict[int, int], width: int
) -> list[str]:
    """Leave out columns, and cut others, until a line is no wider than it may be."""
    left_out = []
    wanted = {
        place: min(size, max(_least(columns[place], size), columns[place].wanted)) for place, size in widths.items()
    }
    for place in [each for each in reversed(widths) if columns[each].extra]:
        if _total(wanted) > width:
            left_out.append(columns[place].title)
            del widths[place], wanted[place]
    while _total({place: _least(columns[place], widths[place]) for place in widths}) > width and len(widths) > 1:
        place = max(widths, key=lambda each: (_is_left_out_first(columns[each], cells[each]), columns[each].rank, each))
        left_out.append(columns[place].title)
        del widths[place]
    while _total(widths) > width:
        room = {place: size - _least(columns[place], size) for place, size in widths.items()}
        place = max(room, key=lambda each: (room[each], each))
        widths[place] -= 1 if room[place] else _total(widths) - width
    return left_out


def _is_left_out_first(column: TextColumn, cells: Sequence[str]) -> bool:
    """Whether a column may be left out and says the same of every row."""
    return column.rank > 0 and len(cells) > 2 and len(set(cells[1:])) == 1


def _least(column: TextColumn, natural: int) -> int:
    return natural if column.least is None else min(column.least, natural)


def _total(widths: dict[int, int]) -> int:
    return sum(widths.values()) + len(GAP) * (len(widths) - 1)


def _kept_apart(column: TextColumn, texts: Sequence[str]) -> TextColumn:
    """A column that is not cut so far that different names look the same, where a bounded width can prevent that."""
    if not column.is_name or column.least is None:
        return column
    names = set(texts)
    sizes = (
        size
        for size in range(column.least, MOST + 1)
        if len({_cut(each, size, column) for each in names}) == len(names)
    )
    return replace(column, least=next(sizes, column.least))


def _padded(text: str, width: int, column: TextColumn) -> str:
    """A text in a cell of a width, cut where it is longer."""
    text = _cut(text, width, column)
    space = " " * (width - cell_len(text))
    shown = _isolated(text)
    return f"{space}{shown}" if column.is_number else f"{shown}{space}"


def _cut(text: str, width: int, column: TextColumn) -> str:
    """A text of no more than a width, with an ellipsis for what it lacks."""
    if cell_len(text) <= width:
        return text
    end = (width - 1) // 2 if column.is_name else 0
    last = set_cell_size(text[::-1], end)[::-1].lstrip()
    return f"{set_cell_size(text, width - 1 - end).rstrip()}…{last}"


def _isolated(text: str) -> str:
    """A text whose letters from right to left leave the cells beside it where they are."""
    if text.isascii() or not any(unicodedata.bidirectional(each) in RIGHT_TO_LEFT for each in text):
        return text
    return f"{ISOLATE}{text}{END_OF_ISOLATE}"
