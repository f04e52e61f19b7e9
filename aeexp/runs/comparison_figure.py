"""Figure of a comparison: means with their intervals, sorted."""

from collections.abc import Sequence
from textwrap import wrap

from aeexp.reports.style import PALETTE, Figure, plain
from aeexp.runs.comparison import ComparedRow

NAME_LENGTH = 40
"""Letters in a line of a name."""

TIED, OTHER = PALETTE[0], PALETTE[3]


def draw_comparison(rows: Sequence[ComparedRow], metric: str) -> Figure:
    """Points with intervals, in the order of the rows; what is not told apart from the best has its color."""
    figure = Figure(7, 1.2 + 0.4 * len(rows), f"{metric}: means with 95 % intervals")
    axes = figure.subplots()
    for place, row in enumerate(rows):
        color = TIED if row.tied else OTHER
        axes.plot(row.interval, [place, place], color=color, linewidth=2)  # not drawn where it is unknown
        axes.plot([row.mean], [place], "o", color=color)
    axes.set_yticks(range(len(rows)), list(map(_label, rows)))
    axes.invert_yaxis()
    axes.set_xlabel(metric)
    axes.grid(axis="x", alpha=0.3)
    return figure


def _label(row: ComparedRow) -> str:
    """The name of a row, on two lines where it is long; that of the baseline says so."""
    name = f"{row.name} (baseline)" if row.is_baseline else row.name
    return "\n".join(wrap(plain(name), NAME_LENGTH, max_lines=2, placeholder="…"))
