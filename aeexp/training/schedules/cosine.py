"""Cosine decay of the learning rate."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.lazy import keras
from aeexp.training.schedules.schedule import Schedule, check_below, check_min_rate


@dataclass(frozen=True, kw_only=True)
class Cosine(Schedule):
    """Decay from the base rate to the least one along half a cosine, by the end of the training.

    Loshchilov and Hutter, "SGDR", 2017, without restarts.

    Args:
        min_rate: the rate at the end.
    """

    min_rate: float

    def __post_init__(self) -> None:
        super().__post_init__()
        check_min_rate(self.min_rate)

    def check(self, epochs: int, rate: float) -> None:
        super().check(epochs, rate)
        check_below(self.min_rate, rate)

    def after_warmup(self, rate: float, epochs: int, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
        return keras.optimizers.schedules.CosineDecay(rate, epochs * steps, alpha=self.min_rate / rate)
