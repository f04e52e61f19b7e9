"""The order of listed runs by a metric."""

from collections.abc import Sequence

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.listing.columns import important
from aeexp.listing.row import Row
from aeexp.tracking.store import is_higher_better

Block = tuple[Row, ...]
"""A row, with those that stay beneath it."""


def best_first(blocks: Sequence[Block], metric: str, rows: Sequence[Row]) -> list[Block]:
    """Blocks with the best value of a metric first, and those without it last.

    Args:
        rows: all runs, of which the newest with the metric tells its direction.

    Raises:
        ConfigError: where no run has the metric.
    """
    newest = next((row for row in rows if metric in row.metrics), None)
    if newest is None:
        known = sorted({name for row in rows for name in row.metrics})
        choice = ", ".join(important(known)) or "none"
        raise ConfigError(f"sort: no run has the metric {metric}.{did_you_mean(metric, known)} Choose from {choice}.")
    sign = -1 if is_higher_better(metric, newest.tags) else 1

    def rank(block: Block) -> tuple[bool, bool, float]:
        value = block[0].metrics.get(metric)
        return value is None, value != value, 0.0 if value is None else sign * value

    return sorted(blocks, key=rank)
