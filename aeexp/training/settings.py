"""Settings of the training loop and their ranges. Loads no TensorFlow, so that a wrong value is refused at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.metrics.direction import MODES, resolve_mode
from aeexp.metrics.metric import Metric

CHOICES = {
    "resample": ("epoch", "once"),
    "validation_weights": ("final", "epoch"),
    "precision": ("float32", "mixed_bfloat16"),
    "mode": (None, *MODES),
    "keep": (None, "best", "last"),
}

MOST_EPOCHS = 1_000_000


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
        mode: whether the best is its `min` or its `max`; None takes the metric's own direction.
        validation_weights: the weights of the loss terms in `val/loss`: the `final` ones of their schedules, so that
            epochs can be compared, or those of each `epoch`.
        patience: stop after this many epochs without a better value; None never.
        keep: the weights that the run has at its end and is evaluated with, `best` or `last`; None takes the best with
            patience and the last without.
        checkpoints: folder of the files that killed trainings go on from.
    """

    epochs: int
    batch_size: int
    resample: str
    threads: int | None
    precision: str
    monitor: str
    mode: str | None
    validation_weights: str
    patience: int | None
    keep: str | None
    checkpoints: str

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "threads", "patience"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={value}.")
        if self.epochs > MOST_EPOCHS:
            raise ConfigError(
                f"`epochs` must be at most {MOST_EPOCHS}. Received epochs={self.epochs}; trainer.patience=10 ends a "
                "training that grows no better."
            )
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                listed = " or ".join(str(each or "null") for each in choices)
                raise ConfigError(f"`{name}` must be {listed}. Received {name}={getattr(self, name)}.")

    @property
    def kept(self) -> str:
        """The weights that the run has at its end, `best` or `last`."""
        return self.keep or ("last" if self.patience is None else "best")

    def steps_per_epoch(self, images: int) -> int:
        """The steps of an epoch of so many images."""
        return -(-images // min(self.batch_size, images))

    def higher_is_better(self, objective: Mapping[str, bool], metrics: Mapping[str, Metric]) -> bool:
        """The direction of the monitored metric.

        Args:
            objective: the directions of what the objective returns.
            metrics: the chosen metrics, the monitored one among them.
        """
        name = self.monitor.partition("/")[2]
        return objective[name] if name in objective else metrics[name].higher_is_better

    def check_mode(self, objective: Mapping[str, bool], metrics: Mapping[str, Metric]) -> None:
        """Refuse a mode that contradicts the monitored metric.

        Raises:
            ConfigError: naming its direction.
        """
        resolve_mode(self.mode, self.monitor, self.higher_is_better(objective, metrics), "trainer.mode")

    def check_monitor(self, objective: Iterable[str], metrics: Iterable[str], once: Iterable[str] = ()) -> None:
        """Refuse a metric that no epoch gives.

        Args:
            objective: the names of what the objective returns.
            metrics: the names of the metrics that are measured after each epoch.
            once: those of the metrics that are measured of the trained model alone.

        Raises:
            ConfigError: naming those that are given, `train/…` and `val/…`.
        """
        objective = list(objective)
        known = [f"train/{name}" for name in objective] + [
            f"val/{name}" for name in dict.fromkeys([*objective, *metrics])
        ]
        if self.monitor.startswith("test/"):
            raise ConfigError(
                f"trainer: `monitor` chooses the weights, which the test images then judge. Received "
                f"monitor={self.monitor}; use monitor={self.monitor.replace('test/', 'val/', 1)}."
            )
        if self.monitor.partition("/")[2] in once:
            raise ConfigError(
                f"trainer: `monitor` must be measured after each epoch. Received monitor={self.monitor}, which is "
                "measured once, of the trained model; use monitor=val/loss."
            )
        if self.monitor not in known:
            raise ConfigError(
                f"trainer: `monitor` must be a logged metric. Received monitor={self.monitor}."
                f"{did_you_mean(self.monitor, known)} Choose from {', '.join(known)}."
            )
