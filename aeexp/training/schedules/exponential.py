"""Exponential decay of the learning rate."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.lazy import keras
from aeexp.training.schedules.schedule import Schedule, check_factor


@dataclass(frozen=True, kw_only=True)
class Exponential(Schedule):
    """Smooth decay from the base rate, in each epoch by the same factor.

    Args:
        factor: of an epoch, above 0 and below 1.
    """

    factor: float

    def __post_init__(self) -> None:
        super().__post_init__()
        check_factor(self.factor)

    def after_warmup(self, rate: float, epochs: int, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
        return keras.optimizers.schedules.ExponentialDecay(rate, steps, self.factor)
