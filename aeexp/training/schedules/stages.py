"""Stages of the training, each with a learning rate of its own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import inf

from aeexp.errors import ConfigError
from aeexp.lazy import keras
from aeexp.training.schedules.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class Stages(Schedule):
    """Some epochs with one rate, then some with another one; the last rate stays. The base rate is not used.

    Args:
        epochs: of each stage, after the warm-up.
        rates: of each stage, above 0.
    """

    epochs: list[int]
    rates: list[float]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.epochs or min(self.epochs) < 1:
            raise ConfigError(f"`epochs` must be numbers of at least 1. Received epochs={list(self.epochs)}.")
        if not all(0 < rate < inf for rate in self.rates):
            raise ConfigError(f"`rates` must be finite numbers above 0. Received rates={list(self.rates)}.")
        if len(self.epochs) != len(self.rates):
            raise ConfigError(
                "`epochs` and `rates` must have one number for each stage. Received "
                f"epochs={list(self.epochs)} and rates={list(self.rates)}."
            )

    def check(self, epochs: int, rate: float) -> None:
        super().check(epochs, rate)
        if self.warmup_epochs + sum(self.epochs) > epochs:
            warmup = f" after {self.warmup_epochs} epochs of warm-up" if self.warmup_epochs else ""
            raise ConfigError(
                f"schedule: the stages must end within trainer.epochs={epochs}. Received epochs={list(self.epochs)}"
                f"{warmup}; set schedule.epochs and schedule.rates, or trainer.epochs="
                f"{self.warmup_epochs + sum(self.epochs)}."
            )

    def after_warmup(
        self, rate: float, epochs: int, steps: int
    ) -> float | keras.optimizers.schedules.LearningRateSchedule:
        if len(self.rates) == 1:
            return self.rates[0]
        last_steps = [steps * ended - 1 for ended in accumulate(self.epochs[:-1])]
        return keras.optimizers.schedules.PiecewiseConstantDecay(last_steps, list(self.rates))
