"""The training loop against the one that Keras has."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.errors import CallbackError, ConfigError, OutOfMemoryError
from aeexp.evaluation.evaluator import Evaluator
from aeexp.losses.bce import Bce
from aeexp.losses.loss import Loss
from aeexp.losses.objective import Objective
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.runtime.precision import built_in_precision
from aeexp.training.checkpoint import TrainingState
from aeexp.training.learning_rate import LearningRate
from aeexp.training.schedules.constant import Constant
from aeexp.training.step import TrainStep
from aeexp.training.trainer import Trainer, TrainingTask
from aeexp.types import Outputs
from tests.support.evaluations import METRICS, SMALL_CONV, autoencoder, source

IMAGES = np.random.default_rng(0).integers(0, 256, (150, 2, 2, 1), np.uint8).repeat(4, 1).repeat(4, 2)
"""8×8 pixels in four flat squares: something to learn."""


BCE = Bce(weight=1.0)


def trainer(**changes: object) -> Trainer:
    fields = {
        "epochs": 6,
        "batch_size": 32,
        "resample": "epoch",
        "threads": None,
        "precision": "float32",
        "monitor": "val/loss",
        "mode": "min",
        "validation_weights": "final",
        "patience": None,
        "keep": None,
        "checkpoints": "",
    }
    return Trainer(**fields | changes)


def model(seed: int) -> Autoencoder:
    created = autoencoder(SMALL_CONV, Deterministic(), None, (8, 8, 1), (8, 8, 1))
    for number, weight in enumerate(created.trainable_variables):
        if len(weight.shape) > 1:
            weight.assign(keras.initializers.GlorotUniform(100 * seed + number)(weight.shape))
    return created


def train(
    created: Autoencoder,
    seed: int,
    images: np.ndarray = IMAGES,
    loss: Loss = BCE,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    start: TrainingState | None = None,
    **changes: object,
) -> TrainingState:
    pairs = CorruptedPairs(tf.constant(images), Chain({}), seed)
    objective = Objective({"bce": loss})
    evaluator = Evaluator(created, pairs, METRICS, None, (), (), source(0), objective=objective)
    rate = LearningRate.scheduled(keras.optimizers.Adam(0.01), Constant(warmup_epochs=0), 6, 5)
    task = TrainingTask(created, objective, rate, pairs, evaluator, callbacks)
    return trainer(**changes).fit(task, start=start)


def fit(*arguments: Any, **changes: Any) -> list[dict[str, float]]:
    return train(*arguments, **changes).history


@cache
def plain(epochs: int, seed: int) -> TrainingState:
    """The end of a training with no other settings than these, for all tests."""
    return train(model(seed), seed, epochs=epochs)


def losses_of_keras(created: Autoencoder, seed: int) -> list[float]:
    keras.utils.set_random_seed(seed)
    whole = created.functional()
    plain = keras.Model(whole.inputs, whole.output["reconstruction"])
    plain.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    images = IMAGES / np.float32(255)
    return plain.fit(images, images, 32, 6, validation_data=(images, images), verbose=0).history["val_loss"]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_learns_as_keras_does(seed):
    ours = [epoch["val/bce"] for epoch in plain(6, seed).history]
    theirs = losses_of_keras(model(seed), seed)
    assert theirs[-1] < 0.97 * theirs[0]
    np.testing.assert_allclose(ours, theirs, rtol=0.02)  # the images come in another order


@pytest.fixture
def asked(monkeypatch) -> list[tuple[int, int, np.ndarray]]:
    """What the steps of a training are asked for, in their place: epoch of the corruption, epoch, and batches."""
    asked: list[tuple[int, int, np.ndarray]] = []

    def steps(batches: tf.Tensor, corruption_epoch: tf.Tensor, epoch: tf.Tensor, weights: object) -> Outputs:
        asked.append((int(corruption_epoch), int(epoch), batches.numpy()))
        return {"loss": tf.constant(1.0)}

    monkeypatch.setattr(TrainStep, "compiled", lambda _: steps)
    return asked


@pytest.mark.parametrize(("resample", "epochs"), [("epoch", [(0, 0), (1, 1)]), ("once", [(0, 0), (0, 1)])])
def test_the_corruption_is_drawn_anew_each_epoch_or_once(asked, resample, epochs):
    fit(model(0), 0, epochs=2, resample=resample)
    assert [(corruption_epoch, epoch) for corruption_epoch, epoch, _ in asked] == epochs


def test_the_order_is_new_each_epoch_and_complete(asked):
    fit(model(0), 0, epochs=2)
    rows = [np.concatenate([batches for _, each, batches in asked if each == epoch]) for epoch in (0, 1)]
    for epoch in rows:
        assert epoch.shape == (5, 32)
        assert sorted(epoch.ravel()) == [-1] * 10 + list(range(150))
    assert not np.array_equal(*rows)


@pytest.mark.parametrize("count", [1, 33])
def test_any_number_of_images(count):
    history = fit(model(0), 0, IMAGES[:count], epochs=1)
    assert np.isfinite(list(history[0].values())).all()
    assert history[0]["train/loss"] == pytest.approx(64 * history[0]["train/bce"], rel=1e-5)


def test_stops_when_nothing_improves_and_takes_the_best():
    created = model(0)
    history = fit(created, 0, patience=1, monitor="val/loss", mode="max")
    assert len(history) == 2  # the loss falls, so that its largest value is the first
    for kept, expected in zip(created.get_weights(), plain(1, 0).weights, strict=True):
        np.testing.assert_array_equal(kept, expected)


@pytest.mark.parametrize(
    ("keep", "patience", "epochs"), [("best", None, 1), ("last", 1, 2), (None, 1, 1), (None, None, 2)]
)
def test_keeps_the_weights_of_the_best_epoch_or_of_the_last(keep, patience, epochs):
    created = model(0)
    fit(created, 0, epochs=2, mode="max", keep=keep, patience=patience)  # the loss falls, and so the first is best
    for one, other in zip(created.get_weights(), plain(epochs, 0).weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("monitor", ["val/psnr", "val/loss", "val/bce"])
def test_without_a_mode_the_metric_says_which_epoch_is_best(monitor):
    history = fit(model(0), 0, patience=1, monitor=monitor, mode=None)
    assert len(history) == 6  # all of them improve


class Warming(Bce):
    """A term that counts for nothing in the first two epochs."""

    def weight_at(self, epoch: int) -> float:
        return self.weight * (epoch >= 2)


def test_validation_is_weighed_with_the_final_weights_and_training_with_those_of_the_epoch():
    history = fit(model(0), 0, epochs=3, loss=Warming(weight=1.0))
    assert [logs["train/loss"] for logs in history[:2]] == [0, 0]
    for logs in history:
        assert logs["val/loss"] == logs["val/loss_bce"] == pytest.approx(64 * logs["val/bce"])
    as_before = fit(model(0), 0, epochs=3, loss=Warming(weight=1.0), validation_weights="epoch")
    assert [logs["val/loss"] for logs in as_before[:2]] == [0, 0]
    assert as_before[2] == history[2]


class StopAfterTwo(keras.callbacks.Callback):
    """Ends the training as Keras' own callbacks do."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.model.stop_training = epoch == 1


def test_a_callback_ends_the_training_and_is_named():
    state = train(model(0), 0, callbacks=[keras.callbacks.TerminateOnNaN(), StopAfterTwo()])
    assert (len(state.history), state.ended_by) == (2, "StopAfterTwo")
    assert train(model(0), 0, callbacks=[StopAfterTwo()], epochs=2).ended_by is None
    assert train(model(0), 0, mode="max", patience=1).ended_by == "early stopping (trainer.patience=1)"


class StopWithoutProgress(keras.callbacks.Callback):
    """Ends the training by what it remembers of the epochs before, as Keras' own callbacks do."""

    def on_train_begin(self, logs: object = None) -> None:
        self.seen: list[float] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.seen.append(logs["val/loss"])
        logs["val/loss"] = np.nan  # which is its own copy
        if len(self.seen) == 3:
            self.model.stop_training = True


def test_a_callback_ends_a_resumed_training_where_it_would_have_ended():
    straight = train(model(0), 0, callbacks=[StopWithoutProgress()])
    callback = StopWithoutProgress()
    for epochs in (2, 3):
        resumed = train(model(0), 0, callbacks=[callback], start=plain(epochs, 0))
        assert resumed.history == straight.history
        assert resumed.ended_by == straight.ended_by == "StopWithoutProgress"
    assert callback.seen == [logs["val/loss"] for logs in straight.history]


class StopAtOnce(keras.callbacks.Callback):
    """Ends the training before it has begun."""

    def on_train_begin(self, logs: object = None) -> None:
        self.model.stop_training = True


def test_a_training_that_is_ended_at_once_has_one_epoch():
    assert len(train(model(0), 3, callbacks=[StopAtOnce()]).history) == 1


class Raise(keras.callbacks.Callback):
    """Has a fault."""

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        raise ValueError("no such thing")


def test_the_fault_of_a_callback_is_named_with_its_place():
    with pytest.raises(
        CallbackError, match=r"callback Raise: its on_epoch_end raised ValueError: no such thing \(.*test_tr"
    ):
        train(model(0), 3, callbacks=[Raise()])


class Greedy(Loss):
    """Asks for more memory than any machine has."""

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        size = tf.cast(2**46 + tf.reduce_sum(targets), tf.int64)
        return tf.reduce_sum(outputs["reconstruction"], [1, 2, 3]) + tf.reduce_max(tf.random.uniform([size]))


@pytest.mark.slow  # TensorFlow waits for ten seconds that there be more
def test_memory_that_there_is_not():
    with pytest.raises(OutOfMemoryError, match=r"batch of 32 .* trainer.batch_size=16"):
        fit(model(0), 0, loss=Greedy(weight=1.0))


def test_learns_in_lower_precision_as_in_float32():
    exact = plain(6, 0).history
    with built_in_precision("mixed_bfloat16"):
        built = model(0)
    mixed = fit(built, 0)
    assert mixed[-1]["val/bce"] == pytest.approx(exact[-1]["val/bce"], rel=0.02)


def test_refuses_an_unknown_precision():
    with pytest.raises(ConfigError, match="`precision` must be float32 or mixed_bfloat16"):
        trainer(precision="float64")
