"""Learning rate schedule: the abstract base class of all schedules."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from aeexp.errors import ConfigError
from aeexp.lazy import keras


@dataclass(frozen=True, kw_only=True)
class Schedule(ABC):
    """Learning rate over the steps of a training, from the base rate `optimizer.learning_rate`.

    Args:
        warmup_epochs: number of epochs over which the rate rises linearly from 0, before the schedule begins.
    """

    warmup_epochs: int

    def __post_init__(self) -> None:
        if self.warmup_epochs < 0:
            raise ConfigError(
                f"`warmup_epochs` must be at least 0 epochs. Received warmup_epochs={self.warmup_epochs}."
            )

    @property
    def changes_rate(self) -> bool:
        """Whether the rate is another one in some step."""
        return True

    def check(self, epochs: int, rate: float) -> None:
        """Refuse a schedule that does not fit the training.

        Args:
            epochs: of the training.
            rate: the base rate.

        Raises:
            ConfigError: naming the field and how to fix it.
        """
        if self.warmup_epochs and self.warmup_epochs >= epochs:
            raise ConfigError(
                f"schedule: `warmup_epochs` must be less than trainer.epochs={epochs}. Received "
                f"warmup_epochs={self.warmup_epochs}; train for more epochs or warm up for fewer."
            )

    @abstractmethod
    def after_warmup(
        self, rate: float, epochs: int, steps: int
    ) -> float | keras.optimizers.schedules.LearningRateSchedule:
        """The rate after the warm-up: a number, or a function of the steps since then.

        Args:
            rate: the base rate.
            epochs: of the training, without those of the warm-up.
            steps: of an epoch.
        """

    def rate_of_epoch(self, rate: float, values: Sequence[float]) -> float | None:
        """The rate of the next epoch, for schedules that follow a metric; None for those that do not.

        Args:
            rate: the base rate.
            values: of the monitored metric in the epochs since the warm-up; lower is better.
        """
        return None


def check_factor(factor: float) -> None:
    """Refuse a factor by which a rate cannot fall.

    Raises:
        ConfigError: naming the range.
    """
    if not 0 < factor < 1:
        raise ConfigError(f"`factor` must be above 0 and below 1. Received factor={factor}.")


def check_count(name: str, count: int) -> None:
    """Refuse a number of epochs below one.

    Raises:
        ConfigError: naming the range.
    """
    if count < 1:
        raise ConfigError(f"`{name}` must be at least 1 epoch. Received {name}={count}.")


def check_min_rate(min_rate: float) -> None:
    """Refuse a least rate that is none.

    Raises:
        ConfigError: naming the range.
    """
    if not 0 <= min_rate < inf:
        raise ConfigError(f"`min_rate` must be a finite number of at least 0. Received min_rate={min_rate}.")


def check_below(min_rate: float, rate: float) -> None:
    """Refuse a least rate above the base rate.

    Raises:
        ConfigError: naming both.
    """
    if min_rate > rate * (1 + 1e-6):  # an optimizer rounds its rate to float32
        raise ConfigError(
            f"schedule: `min_rate` must be at most optimizer.learning_rate={rate}. Received min_rate={min_rate}."
        )
