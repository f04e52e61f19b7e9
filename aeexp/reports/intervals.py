"""Figure of means with their intervals, sorted, as in a comparison of runs."""

from collections.abc import Sequence

from aeexp.evaluation.statistics import Interval
from aeexp.reports.style import PALETTE, Figure, shorten

NAME_LENGTH = 40
"""Maximum length of the names in the figure."""

TIED, OTHER = PALETTE[0], PALETTE[3]


def draw_intervals(
    names: Sequence[str], means: Sequence[float], intervals: Sequence[Interval], tied: Sequence[bool], label: str
) -> Figure:
    """Points with intervals, the best on top.

    Args:
        names: of the rows, the best first.
        tied: whether a row cannot be told apart from the best.
        label: of the metric.
    """
    figure = Figure(7, 1.2 + 0.4 * len(names), f"{label}: means with 95 % intervals")
    axes = figure.subplots()
    for place, (mean, (low, high), is_tied) in enumerate(zip(means, intervals, tied, strict=True)):
        color = TIED if is_tied else OTHER
        if low == low:
            axes.plot([low, high], [place, place], color=color, linewidth=2)
        axes.plot([mean], [place], "o", color=color)
    axes.set_yticks(range(len(names)), [shorten(name, NAME_LENGTH) for name in names])
    axes.invert_yaxis()
    axes.set_xlabel(label)
    axes.grid(axis="x", alpha=0.3)
    return figure
