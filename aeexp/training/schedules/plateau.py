"""Learning rate that falls where a metric stands still (reduce on plateau)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from aeexp.training.schedules.schedule import Schedule, check_below, check_count, check_factor, check_min_rate


@dataclass(frozen=True, kw_only=True)
class Plateau(Schedule):
    """The base rate, multiplied by a factor when `trainer.monitor` has not improved for some epochs.

    As `keras.callbacks.ReduceLROnPlateau` with `min_delta=0`, but computed from the history of epochs, so that it is
    the same after a kill.

    Args:
        factor: of each drop, above 0 and below 1.
        patience: epochs without a better value before a drop.
        min_rate: the rate below which it does not fall.
    """

    factor: float
    patience: int
    min_rate: float

    def __post_init__(self) -> None:
        super().__post_init__()
        check_factor(self.factor)
        check_count("patience", self.patience)
        check_min_rate(self.min_rate)

    def check(self, epochs: int, rate: float) -> None:
        super().check(epochs, rate)
        check_below(self.min_rate, rate)

    def after_warmup(self, rate: float, epochs: int, steps: int) -> float:
        return rate

    def rate_of_epoch(self, rate: float, values: Sequence[float]) -> float:
        best, waited = inf, 0
        for value in values:
            waited = 0 if value < best else waited + 1
            best = min(best, value)
            if waited >= self.patience:
                rate, waited = max(rate * self.factor, self.min_rate), 0
        return rate
