"""A comparison of runs, as a program or a notebook works with it."""

import html
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aeexp.api.figures import Figures
from aeexp.api.html import as_picture
from aeexp.evaluation.statistics import Difference
from aeexp.listing.comparison_table import comparison_columns, comparison_lines, verdicts
from aeexp.listing.table import terminal_width
from aeexp.runtime.notebook import html_table
from aeexp.tracking.tracker import Tracker

if TYPE_CHECKING:
    import pandas as pd

    from aeexp.runs.comparison import ComparedRow

NO_DIFFERENCE = Difference(math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True, repr=False)
class Comparison:
    """Comparison of runs by a metric: means with their intervals, and paired tests.

    Args:
        id: of the run that records it.
        tracker: that has recorded it.
        title: what is compared.
        rows: of the table, the best first.
        remarks: what a reader must know of the intervals and tests.
        figure: the path of the figure's first file.
    """

    id: str
    tracker: Tracker
    title: str
    rows: tuple["ComparedRow", ...] = field(hash=False)
    remarks: tuple[str, ...]
    figure: str

    def __repr__(self) -> str:
        lines, _ = comparison_lines(self.columns, terminal_width())
        return "\n".join([self.title, *lines, *self.remarks])

    def _repr_html_(self) -> str:
        columns = self.columns
        parts = [
            f"<b>{html.escape(self.title)}</b>",
            html_table(tuple(columns), list(zip(*columns.values(), strict=True))),
            *map(html.escape, self.remarks),
            as_picture(self.figures["comparison"]) if "comparison" in self.figures else "",
        ]
        return "".join(f"<div>{part}</div>" for part in parts if part)

    @property
    def columns(self) -> dict[str, list[str]]:
        """The table that the command prints, as texts: a list a column."""
        return comparison_columns(self.rows)

    @property
    def table(self) -> "pd.DataFrame":
        """A row a configuration, the best first: means, intervals, differences and what the tests say, as numbers."""
        import pandas as pd

        differences = [row.difference or NO_DIFFERENCE for row in self.rows]
        values = {
            "ids": [list(row.ids) for row in self.rows],
            "mean": [row.mean for row in self.rows],
            "low": [row.interval[0] for row in self.rows],
            "high": [row.interval[1] for row in self.rows],
            "difference": [each.mean for each in differences],
            "difference_low": [each.low for each in differences],
            "difference_high": [each.high for each in differences],
            "p": [math.nan if row.p_value is None else row.p_value for row in self.rows],
            "paired_by": [row.paired_by for row in self.rows],
            "verdict": verdicts(self.rows),
        }
        return pd.DataFrame(values, index=pd.Index([row.name for row in self.rows], name="configuration"))

    @property
    def figures(self) -> Figures:
        """The figure `comparison`, as an image of Pillow."""
        return Figures(self.id, self.tracker.store)
