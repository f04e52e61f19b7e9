"""Step decay of the learning rate."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.lazy import keras
from aeexp.training.schedules.schedule import Schedule, check_count, check_factor


@dataclass(frozen=True, kw_only=True)
class Step(Schedule):
    """The base rate, multiplied by a factor every few epochs.

    Args:
        every: epochs between two drops.
        factor: of each drop, above 0 and below 1.
    """

    every: int
    factor: float

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count("every", self.every)
        check_factor(self.factor)

    def after_warmup(self, rate: float, epochs: int, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
        return keras.optimizers.schedules.ExponentialDecay(rate, self.every * steps, self.factor, staircase=True)
