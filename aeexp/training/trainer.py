"""The one training loop for every model, corruption and loss."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from aeexp.datasets.pairs import CorruptedPairs
from aeexp.errors import ConfigError, TrainingDivergedError
from aeexp.evaluation.evaluator import Evaluator
from aeexp.losses.objective import Objective
from aeexp.metrics.image_metrics import IMAGE_METRICS
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.fast_conv import fuse_convolutions
from aeexp.runtime.interrupts import check_interrupt
from aeexp.training.checkpoint import TrainingState
from aeexp.training.fused_update import fuse
from aeexp.training.memory import within_memory
from aeexp.training.step import NO_IMAGE, TrainingSteps, training_steps

STEPS_PER_CALL = 32

CHOICES = {"resample": ("epoch", "once"), "precision": ("float32", "mixed_bfloat16"), "mode": ("min", "max")}


@dataclass(frozen=True)
class Trainer:
    """Minimises an objective.

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

    def fit(
        self,
        model: Autoencoder,
        objective: Objective,
        optimizer: keras.optimizers.Optimizer,
        train: CorruptedPairs,
        validation: Evaluator,
        callbacks: Sequence[keras.callbacks.Callback] = (),
        *,
        start: TrainingState | None = None,
        keep: Callable[[Callable[[], TrainingState]], None] = lambda state: None,
    ) -> TrainingState:
        """Train the model in place.

        Args:
            validation: judges the model after each epoch.
            start: the state to go on from; None begins with the model as it is.
            keep: is offered the state after each epoch.

        Returns:
            The state after the last epoch, with the metrics of each epoch under `train/…` and `val/…`.

        Raises:
            KeyboardInterrupt: between two calls of the compiled steps; see `interruption`.
            TrainingDivergedError: as soon as an epoch ends with a loss that is not finite.
            OutOfMemoryError: where a batch needs more memory than there is.
        """
        optimizer = fuse(optimizer)
        optimizer.build(model.trainable_variables)
        history, best_weights = _restore(start, model, optimizer)
        steps = training_steps(fuse_convolutions(model), train, objective, optimizer, min(self.batch_size, len(train)))
        listeners = keras.callbacks.CallbackList(list(callbacks), model=model)
        listeners.on_train_begin()
        for epoch in range(len(history), self.epochs):
            if self._is_exhausted(history):
                break
            listeners.on_epoch_begin(epoch)
            weights = objective.weights(epoch)
            with within_memory(min(self.batch_size, len(train))):
                logs = self._train_epoch(steps, train, epoch, weights, listeners)
            means = validation.means()
            means |= objective.weigh(means, weights, validation.pixels)
            logs |= {f"val/{name}": value for name, value in means.items()}
            _refuse_divergence(logs, epoch)
            history.append(logs)
            if self._best_epoch(history) == epoch:
                best_weights = model.get_weights()
            listeners.on_epoch_end(epoch, logs)
            keep(partial(_state, history, model, best_weights, optimizer))
        listeners.on_train_end()
        state = _state(history, model, best_weights, optimizer)
        if self.patience is not None:
            model.set_weights(best_weights)
        return state

    def metric_names(self, objective: Objective) -> list[str]:
        """What `fit` gives for each epoch."""
        measured = dict.fromkeys([*objective.names, *IMAGE_METRICS])
        return [f"train/{name}" for name in objective.names] + [f"val/{name}" for name in measured]

    def _train_epoch(
        self,
        steps: TrainingSteps,
        train: CorruptedPairs,
        epoch: int,
        weights: dict[str, float],
        listeners: keras.callbacks.CallbackList,
    ) -> dict[str, float]:
        corruption_epoch = epoch if self.resample == "epoch" else 0
        tensors = {name: tf.constant(weight, tf.float32) for name, weight in weights.items()}
        sums, seen = [], 0
        for batches in self._batches(len(train), train.seed, epoch):
            listeners.on_train_batch_begin(seen)
            sums.append(steps(tf.constant(batches), tf.constant(corruption_epoch), tf.constant(epoch), tensors))
            images = int(np.count_nonzero(batches != NO_IMAGE))
            seen += images
            listeners.on_train_batch_end(seen, {"images": seen, "loss": float(sums[-1]["loss"]) / images})
            check_interrupt()
        return {f"train/{name}": sum(float(part[name]) for part in sums) / len(train) for name in sums[0]}

    def _batches(self, size: int, seed: int, epoch: int) -> Iterator[np.ndarray]:
        """The epoch's shuffled indices, int32 [steps, batch]; `NO_IMAGE` fills the last batch."""
        order = np.random.default_rng([seed, epoch]).permutation(size).astype(np.int32)
        batch_size = min(self.batch_size, size)
        rows = np.pad(order, (0, -size % batch_size), constant_values=NO_IMAGE).reshape(-1, batch_size)
        yield from (rows[start : start + STEPS_PER_CALL] for start in range(0, len(rows), STEPS_PER_CALL))

    def _best_epoch(self, history: Sequence[dict[str, float]]) -> int:
        """The first epoch with the best value of the monitored metric, counted from 0."""
        values = [logs[self.monitor] if self.mode == "min" else -logs[self.monitor] for logs in history]
        return values.index(min(values))

    def _is_exhausted(self, history: Sequence[dict[str, float]]) -> bool:
        """Whether patience has run out: as it follows from the history, it outlives a kill."""
        if self.patience is None or not history:
            return False
        return len(history) - 1 - self._best_epoch(history) >= self.patience


def _restore(
    start: TrainingState | None, model: Autoencoder, optimizer: keras.optimizers.Optimizer
) -> tuple[list[dict[str, float]], list[np.ndarray]]:
    if start is None:
        return [], model.get_weights()
    model.set_weights(start.weights)
    for variable, value in zip(optimizer.variables, start.optimizer, strict=True):
        variable.assign(value)
    return list(start.history), start.best_weights


def _state(
    history: list[dict[str, float]],
    model: Autoencoder,
    best_weights: list[np.ndarray],
    optimizer: keras.optimizers.Optimizer,
) -> TrainingState:
    variables = [variable.numpy() for variable in optimizer.variables]
    return TrainingState(list(history), model.get_weights(), best_weights, variables)


def _refuse_divergence(logs: dict[str, float], epoch: int) -> None:
    for name, value in logs.items():
        if not math.isfinite(value):
            raise TrainingDivergedError(
                f"{name} became {value} in epoch {epoch + 1}; lower optimizer.learning_rate or look at the loss terms."
            )
