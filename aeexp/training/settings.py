"""Settings of the training loop and their ranges. Loads no TensorFlow, so that a wrong value is refused at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError

CHOICES = {"resample": ("epoch", "once"), "precision": ("float32", "mixed_bfloat16"), "mode": ("min", "max")}


@dataclass(frozen=True)
class TrainerSettings:
    """Settings of the training loop.

    Args:
        epochs: passes over the training images.
        batch_size: images a step.
        resample: draw the corruption anew each `epoch`, or `once` for the whole training.
        threads: processor threads of the run; None takes all cores. Changes no result.
        precision: `float32`, or `mixed_bfloat16`, in which the layers compute with 8 bits of precision in place of
            24, several times faster where the processor has it. Weights, losses and metrics stay float32.
        monitor: the metric that decides which weights are the best, such as `val/loss`.
        mode: whether the best is its `min` or its `max`.
        patience: stop after this many epochs without a better value and take the best weights; None never.
        checkpoints: folder of the files that killed trainings go on from.
    """

    epochs: int
    batch_size: int
    resample: str
    threads: int | None
    precision: str
    monitor: str
    mode: str
    patience: int | None
    checkpoints: str

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "threads", "patience"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={value}.")
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ConfigError(f"`{name}` must be {' or '.join(choices)}. Received {name}={getattr(self, name)}.")

    def check_monitor(self, objective: Iterable[str], metrics: Iterable[str]) -> None:
        """Refuse a metric that no epoch gives.

        Args:
            objective: the names of what the objective returns.
            metrics: the names of the chosen metrics.

        Raises:
            ConfigError: naming those that are given, `train/…` and `val/…`.
        """
        objective = list(objective)
        known = [f"train/{name}" for name in objective] + [
            f"val/{name}" for name in dict.fromkeys([*objective, *metrics])
        ]
        if self.monitor not in known:
            raise ConfigError(
                f"trainer: `monitor` must be a logged metric. Received monitor={self.monitor}."
                f"{did_you_mean(self.monitor, known)} Choose from {', '.join(known)}."
            )
