"""The training loop, the same for every model, corruption and loss."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from aeexp.datasets.pairs import CorruptedPairs
from aeexp.evaluation.evaluator import Evaluator
from aeexp.losses.objective import Objective, reported
from aeexp.metrics.direction import MODES
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.fast_conv import fuse_convolutions
from aeexp.runtime.interrupts import check_interrupt
from aeexp.training.checkpoint import Checkpoint, TrainingState
from aeexp.training.divergence import refuse_divergence
from aeexp.training.early_stopping import EarlyStopping, History
from aeexp.training.learning_rate import LearningRate
from aeexp.training.listeners import Listeners
from aeexp.training.memory import network_within_memory, within_memory
from aeexp.training.settings import TrainerSettings
from aeexp.training.step import NO_IMAGE, TrainStep

STEPS_PER_CALL = 32

TrainingSteps = Callable[[tf.Tensor, tf.Tensor, tf.Tensor, dict[str, tf.Tensor]], dict[str, tf.Tensor]]


@dataclass(frozen=True)
class TrainingTask:
    """What a trainer works on: model, objective, optimizer and images.

    Args:
        model: trained in place.
        objective: is minimized.
        rate: of the optimizer that takes the steps.
        train: the training images.
        validation: evaluates the model after each epoch.
        callbacks: of the user's own, which are told the epochs before again when a training is resumed.
    """

    model: Autoencoder
    objective: Objective
    rate: LearningRate
    train: CorruptedPairs
    validation: Evaluator
    callbacks: Sequence[keras.callbacks.Callback] = ()

    @property
    def optimizer(self) -> keras.optimizers.Optimizer:
        """Takes the steps."""
        return self.rate.optimizer

    def build_optimizer(self) -> None:
        """Make the variables of the optimizer.

        Raises:
            OutOfMemoryError: where they need more memory than there is.
        """
        with network_within_memory():
            self.optimizer.build(self.model.trainable_variables)

    @property
    def measured(self) -> list[str]:
        """The names of the metrics that are no terms of the objective."""
        return [name for name in self.validation.metrics if name not in self.objective.names]


@dataclass(frozen=True)
class Trainer(TrainerSettings):
    """Training loop that minimizes an objective; its fields are those of its settings."""

    def fit(
        self,
        task: TrainingTask,
        callbacks: Sequence[keras.callbacks.Callback] = (),
        start: TrainingState | None = None,
        checkpoint: Checkpoint | None = None,
    ) -> TrainingState:
        """Train the model in place. A callback that sets `model.stop_training` ends the training after an epoch.

        Args:
            start: the state to go on from; None begins with the model as it is.
            checkpoint: is offered the state after each epoch.

        Returns:
            The state after the last epoch, with the metrics of each; the model has the weights that are kept.

        Raises:
            KeyboardInterrupt: between two calls of the compiled steps; see `runtime.interrupts`.
            DivergenceError: as soon as an epoch ends with a metric that is not finite, with the state to go on from.
            OutOfMemoryError: where a batch needs more memory than there is.
        """
        task.build_optimizer()
        history, best = _restore(start, task), start
        steps, listeners = self._steps(task), self._begin(callbacks, task, history)
        stopping = self.stopping(task)
        while len(history) < self.epochs and not (history and (task.model.stop_training or stopping.is_due(history))):
            epoch = len(history)
            logs = self._epoch(steps, task, history, listeners)
            refuse_divergence(logs, epoch, best and replace(best, history=history), task.measured)
            history.append(logs)
            if stopping.best_epoch(history) == epoch:
                best = _state(history, task)
            listeners.tell("on_epoch_end", epoch, dict(logs))
            if checkpoint is not None:
                checkpoint.keep(partial(_state, history, task, best))
        listeners.tell("on_train_end")
        state = replace(_state(history, task, best), ended_by=self._ended_by(history, listeners, stopping))
        if self.kept == "best":
            task.model.set_weights(state.best_weights)
        return state

    def stopping(self, task: TrainingTask) -> EarlyStopping:
        """When the training of a task ends early, and which of its epochs is the best."""
        mode = self.mode or MODES[self.higher_is_better(task.objective.directions, task.validation.metrics)]
        return EarlyStopping(self.monitor, mode, self.patience)

    def _steps(self, task: TrainingTask) -> TrainingSteps:
        batch_size = min(self.batch_size, len(task.train))
        fused = fuse_convolutions(task.model)
        return TrainStep(fused, task.train, task.objective, task.optimizer, batch_size).compiled()

    def _begin(self, callbacks: Sequence[keras.callbacks.Callback], task: TrainingTask, history: History) -> Listeners:
        params = {"epochs": self.epochs, "steps": self.steps_per_epoch(len(task.train)), "verbose": 0}
        listeners = Listeners(callbacks, task.callbacks, task.model, params)
        listeners.replay(history)
        task.rate.begin(len(history))
        return listeners

    def _ended_by(self, history: History, listeners: Listeners, stopping: EarlyStopping) -> str | None:
        if len(history) >= self.epochs:
            return None
        return (
            f"early stopping (trainer.patience={self.patience})" if stopping.is_due(history) else listeners.stopped_by
        )

    def _epoch(
        self, steps: TrainingSteps, task: TrainingTask, history: History, listeners: Listeners
    ) -> dict[str, float]:
        """Train one epoch after those of a history and validate; the metrics of both."""
        epoch = len(history)
        task.rate.begin_epoch(self.stopping(task).values(history))
        listeners.tell("on_epoch_begin", epoch)
        weights = task.objective.weights(epoch)
        with within_memory(min(self.batch_size, len(task.train))):
            logs = self._train_epoch(steps, task.train, epoch, weights, listeners)
        means = task.validation.means()
        compared = task.objective.final_weights() if self.validation_weights == "final" else weights
        means |= task.objective.weigh(means, compared, task.validation.pixels)
        logs |= {f"val/{name}": value for name, value in reported(means).items()}
        return logs | task.rate.metrics()

    def _train_epoch(
        self,
        steps: TrainingSteps,
        train: CorruptedPairs,
        epoch: int,
        weights: dict[str, float],
        listeners: Listeners,
    ) -> dict[str, float]:
        corruption_epoch = epoch if self.resample == "epoch" else 0
        tensors = {name: tf.constant(weight, tf.float32) for name, weight in weights.items()}
        sums, seen = [], 0
        for batches in self._batches(len(train), train.seed, epoch):
            listeners.tell("on_train_batch_begin", seen)
            sums.append(steps(tf.constant(batches), tf.constant(corruption_epoch), tf.constant(epoch), tensors))
            images = int(np.count_nonzero(batches != NO_IMAGE))
            seen += images
            listeners.tell("on_train_batch_end", seen, {"images": seen, "loss": float(sums[-1]["loss"]) / images})
            check_interrupt()
        return {f"train/{name}": sum(float(part[name]) for part in sums) / len(train) for name in sums[0]}

    def _batches(self, size: int, seed: int, epoch: int) -> Iterator[np.ndarray]:
        """The epoch's shuffled indices, int32 [steps, batch]; `NO_IMAGE` fills the last batch."""
        order = np.random.default_rng([seed, epoch]).permutation(size).astype(np.int32)
        batch_size = min(self.batch_size, size)
        rows = np.pad(order, (0, -size % batch_size), constant_values=NO_IMAGE).reshape(-1, batch_size)
        yield from (rows[start : start + STEPS_PER_CALL] for start in range(0, len(rows), STEPS_PER_CALL))


def _restore(start: TrainingState | None, task: TrainingTask) -> list[dict[str, float]]:
    """Put model and optimizer into a state; the learning rate stays that of the config.

    Returns:
        The metrics of its epochs.
    """
    if start is None:
        return []
    task.model.set_weights(start.weights)
    for variable, value in zip(task.optimizer.variables, start.optimizer, strict=True):
        if variable.name != "learning_rate":
            variable.assign(value)
    return list(start.history)


def _state(history: list[dict[str, float]], task: TrainingTask, best: TrainingState | None = None) -> TrainingState:
    """The state now; its best weights are those of another state, or its own."""
    weights, variables = task.model.get_weights(), [variable.numpy() for variable in task.optimizer.variables]
    return TrainingState(list(history), weights, weights if best is None else best.best_weights, variables)
