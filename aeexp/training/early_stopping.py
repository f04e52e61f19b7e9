"""Early stopping, and which epoch is the best."""

from collections.abc import Sequence
from dataclasses import dataclass

History = Sequence[dict[str, float]]
"""The metrics of each epoch."""


@dataclass(frozen=True)
class EarlyStopping:
    """Ends a training without progress. All follows from the history, so it is the same after a kill.

    Args:
        monitor: the metric that decides, such as `val/loss`.
        mode: whether its best value is its `min` or its `max`.
        patience: epochs without a better value before the training ends; None never ends it.
    """

    monitor: str
    mode: str
    patience: int | None

    def best_epoch(self, history: History) -> int:
        """The first epoch with the best value of the monitored metric, counted from 0."""
        values = self.values(history)
        return values.index(min(values))

    def values(self, history: History) -> list[float]:
        """The monitored metric in each epoch, with the other sign where its best value is the largest."""
        return [logs[self.monitor] if self.mode == "min" else -logs[self.monitor] for logs in history]

    def is_due(self, history: History) -> bool:
        """Whether the training is to end here."""
        if self.patience is None or not history:
            return False
        return len(history) - 1 - self.best_epoch(history) >= self.patience
