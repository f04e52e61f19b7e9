"""Folding of a list of runs: evaluations beneath their training, the jobs of a sweep into one row with its winner."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from aeexp.listing.row import EVALUATION, SWEEP, Row
from aeexp.listing.winner import Sweep

ABOUT_RUNS = ("comparison", "transfer")
"""Kinds of what was recorded about runs, and is none itself."""

SHOWN = 3
"""Evaluations of a training that are listed; more of them share one row."""


def folded(rows: Sequence[Row], expand: bool) -> list[tuple[Row, ...]]:
    """Blocks of rows in their order, each with a row that stands for itself and the rows beneath it.

    Args:
        expand: whether each run has its own row.
    """
    known = {row.id: row for row in rows}
    below: dict[str, list[Row]] = defaultdict(list)
    top = []
    for row in rows:
        if row.parent in known and row.parent != row.id:
            below[row.parent].append(row)
        else:
            top.append(row)
    return [tuple(_block(row, below, expand, 0)) for row in top]


def without_comparisons(rows: Sequence[Row]) -> tuple[list[Row], str]:
    """The rows but for comparisons and transfers, and how many of these there are, in words."""
    left_out = Counter(row.kind for row in rows if row.kind in ABOUT_RUNS)
    said = [f"{count} {kind}{'s' * (count > 1)}" for kind, count in left_out.items()]
    return [row for row in rows if row.kind not in ABOUT_RUNS], " and ".join(said)


def _block(row: Row, below: dict[str, list[Row]], expand: bool, depth: int) -> list[Row]:
    """A row and those beneath it; each run has one parent at most, so that this ends."""
    children = below.pop(row.id, [])
    if row.kind == SWEEP:
        jobs = [each for each in children if each.kind != EVALUATION]
        row = Sweep(row, jobs).row
        if evaluations := sum(len(below.get(job.id, [])) for job in jobs):
            row = replace(row, note=f"{row.note}, {evaluations} evaluation{'s' * (evaluations > 1)}")
        children = children if expand else []
    elif not expand and len(children) > SHOWN:
        children = [*children[: SHOWN - 1], _many(children[SHOWN - 1 :])]
    block = [replace(row, depth=depth)]
    for child in children:
        block += _block(_under(child, row), below, expand, depth + 1)
    return block


def _under(child: Row, parent: Row) -> Row:
    """A row with what an evaluation takes over from the training that it evaluates."""
    return replace(child, chosen={**parent.chosen, **child.chosen}) if child.kind == EVALUATION else child


def _many(rows: Sequence[Row]) -> Row:
    """One row for several evaluations."""
    first = rows[0]
    chosen = {group: ",".join(dict.fromkeys(row.chosen.get(group, "") for row in rows)) for group in first.chosen}
    name = f"{len(rows)} more of {first.kind}"
    return replace(
        first, name=name, chosen=chosen, changed={}, metrics={}, runs=len(rows), note="expand=true lists them"
    )
