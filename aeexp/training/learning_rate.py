"""Learning rate of an optimizer, as a schedule changes it from step to step and from epoch to epoch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import keras
import tensorflow as tf

from aeexp.training.schedules.schedule import Schedule

Rate: TypeAlias = float | keras.optimizers.schedules.LearningRateSchedule


@keras.saving.register_keras_serializable("aeexp")
class AssignedRate(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that is the same in every step until another one is assigned.

    Args:
        rate: at first.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self._rate = keras.Variable(rate, dtype="float32", trainable=False, name="assigned_rate")

    def assign(self, rate: float) -> None:
        """Take another rate, in compiled steps as well."""
        self._rate.assign(rate)

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        return keras.ops.convert_to_tensor(self._rate)

    def get_config(self) -> dict[str, Any]:
        return {"rate": float(self._rate.numpy())}


@keras.saving.register_keras_serializable("aeexp")
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """A linear rise from 0 before any schedule, which begins after it.

    Args:
        after: the rate after the warm-up, by the steps since then.
        steps: of the warm-up; the rate of the first one is 0.
        offset: steps of the optimizer that are not counted.
    """

    def __init__(self, after: Rate | dict[str, Any], steps: int, offset: int = 0) -> None:
        super().__init__()
        self.after = keras.optimizers.schedules.deserialize(after) if isinstance(after, dict) else after
        self.steps = steps
        self.offset = offset

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        step = keras.ops.cast(step, "int64") - self.offset
        rate = self._after(keras.ops.maximum(step - self.steps, 0))
        if not self.steps:
            return rate
        fraction = keras.ops.cast(step, "float32") / keras.ops.cast(self.steps, "float32")
        return keras.ops.where(step < self.steps, self._after(keras.ops.zeros_like(step)) * fraction, rate)

    def _after(self, step: tf.Tensor) -> tf.Tensor:
        rate = self.after(step) if callable(self.after) else self.after
        return keras.ops.convert_to_tensor(rate, "float32")

    def get_config(self) -> dict[str, Any]:
        after = keras.optimizers.schedules.serialize(self.after) if callable(self.after) else self.after
        return {"after": after, "steps": self.steps, "offset": self.offset}


@dataclass(frozen=True)
class LearningRate:
    """The learning rate of an optimizer under a schedule.

    Args:
        optimizer: whose rate it is.
        schedule: what changes it.
        base: `optimizer.learning_rate`.
        steps: of an epoch.
        by_step: what the optimizer asks in each step; None where it has a plain number.
    """

    optimizer: keras.optimizers.Optimizer
    schedule: Schedule
    base: float
    steps: int
    by_step: WarmUp | None

    @classmethod
    def scheduled(
        cls, optimizer: keras.optimizers.Optimizer, schedule: Schedule, epochs: int, steps: int
    ) -> "LearningRate":
        """Give an optimizer, which is not built yet, the rate of a schedule; a constant one stays a plain number.

        Args:
            epochs: of the training.
            steps: of an epoch.

        Raises:
            ConfigError: for a schedule that does not fit the training.
        """
        base = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
        schedule.check(epochs, base)
        if not schedule.changes_rate:
            return cls(optimizer, schedule, base, steps, None)
        after = schedule.after_warmup(base, epochs - schedule.warmup_epochs, steps)
        if schedule.rate_of_epoch(base, []) is not None:
            after = AssignedRate(base)
        by_step = WarmUp(after, schedule.warmup_epochs * steps)
        optimizer.learning_rate = by_step
        return cls(optimizer, schedule, base, steps, by_step)

    def begin(self, epochs: int) -> None:
        """Count steps from here as those after so many epochs, which may have had another batch size."""
        if self.by_step is not None:
            self.by_step.offset = int(self.optimizer.iterations.numpy()) - epochs * self.steps

    def begin_epoch(self, values: Sequence[float]) -> None:
        """Assign the rate of the next epoch, where the schedule follows a metric.

        Args:
            values: of the monitored metric in the epochs before; lower is better.
        """
        rate = self.schedule.rate_of_epoch(self.base, values[self.schedule.warmup_epochs :])
        if self.by_step is not None and isinstance(self.by_step.after, AssignedRate) and rate is not None:
            self.by_step.after.assign(rate)

    def metrics(self) -> dict[str, float]:
        """The rate of the last step as a metric of its epoch; none where the rate is constant."""
        if self.by_step is None:
            return {}
        return {"learning_rate": float(self.by_step(self.optimizer.iterations - 1))}
