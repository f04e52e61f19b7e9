"""Learning rates of each schedule, by hand and against Keras."""

from math import cos, pi

import keras
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.training.learning_rate import LearningRate, WarmUp
from aeexp.training.schedules.cosine import Cosine
from aeexp.training.schedules.exponential import Exponential
from aeexp.training.schedules.plateau import Plateau
from aeexp.training.schedules.schedule import Schedule
from aeexp.training.schedules.stages import Stages
from aeexp.training.schedules.step import Step

PLATEAU = {"warmup_epochs": 0, "factor": 0.5, "patience": 2, "min_rate": 0.2}
LOSSES = [5.0, 4.0, 4.5, 4.0, 3.0, 3.0, 3.5, 3.1, 3.2, 2.0]


def rate(schedule: Schedule, step: int, epochs: int = 10, steps: int = 5, base: float = 1.0) -> float:
    optimizer = keras.optimizers.SGD(base)
    LearningRate.scheduled(optimizer, schedule, epochs, steps)
    optimizer.iterations.assign(step)
    return float(optimizer.learning_rate)


@pytest.mark.parametrize(
    ("schedule", "step", "expected"),
    [
        (Cosine(warmup_epochs=0, min_rate=0.0), 25, 0.5),
        (Cosine(warmup_epochs=0, min_rate=0.2), 50, 0.2),
        (Cosine(warmup_epochs=2, min_rate=0.0), 30, 0.5),
        (Cosine(warmup_epochs=0, min_rate=0.0), 49, (1 + cos(pi * 49 / 50)) / 2),
        (Step(warmup_epochs=0, every=2, factor=0.1), 9, 1.0),
        (Step(warmup_epochs=0, every=2, factor=0.1), 10, 0.1),
        (Step(warmup_epochs=0, every=2, factor=0.1), 20, 0.01),
        (Exponential(warmup_epochs=0, factor=0.25), 5, 0.25),
        (Exponential(warmup_epochs=1, factor=0.25), 20, 0.25**3),
        (Stages(warmup_epochs=0, epochs=[2, 1], rates=[0.3, 0.2]), 9, 0.3),
        (Stages(warmup_epochs=0, epochs=[2, 1], rates=[0.3, 0.2]), 10, 0.2),
        (Stages(warmup_epochs=0, epochs=[2, 1, 1], rates=[0.3, 0.2, 0.7]), 14, 0.2),
        (Stages(warmup_epochs=0, epochs=[2, 1, 1], rates=[0.3, 0.2, 0.7]), 49, 0.7),
        (Stages(warmup_epochs=1, epochs=[2], rates=[0.3]), 1, 0.06),
    ],
)
def test_rates_by_hand(schedule, step, expected):
    assert rate(schedule, step) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("step", [0, 3, 9, 10, 17, 49])
def test_a_warm_up_before_a_cosine_is_that_of_keras(step):
    theirs = keras.optimizers.schedules.CosineDecay(0.0, 40, warmup_target=0.3, warmup_steps=10)
    ours = rate(Cosine(warmup_epochs=2, min_rate=0.0), step, base=0.3)
    assert ours == pytest.approx(float(theirs(step)), rel=1e-6, abs=1e-9)


def test_a_plateau_falls_as_keras_does():
    model = keras.Sequential([keras.Input([1]), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0))
    theirs = keras.callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=2, min_delta=0, min_lr=0.2, mode="min")
    theirs.set_model(model)
    theirs.on_train_begin()
    schedule, found, expected = Plateau(**PLATEAU), [], []
    for epoch, loss in enumerate(LOSSES):
        theirs.on_epoch_end(epoch, {"loss": loss})
        found.append(schedule.rate_of_epoch(1.0, LOSSES[: epoch + 1]))
        expected.append(float(model.optimizer.learning_rate))
    assert found == pytest.approx(expected)
    assert found == pytest.approx([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2])


def test_a_compiled_step_takes_the_rate_that_a_plateau_assigns():
    optimizer, weight = keras.optimizers.SGD(1.0), keras.Variable([0.0])
    schedule = LearningRate.scheduled(optimizer, Plateau(**PLATEAU), 10, 1)
    optimizer.build([weight])
    step = tf.function(lambda: optimizer.apply([tf.ones(1)], [weight]))
    for values in ([], [1.0, 1.0, 1.0]):
        schedule.begin_epoch(values)
        step()
    assert weight.numpy()[0] == -1.5


def test_another_batch_size_from_some_epoch_on_keeps_the_schedule():
    optimizer = keras.optimizers.SGD(1.0)
    after = LearningRate.scheduled(optimizer, Exponential(warmup_epochs=0, factor=0.5), 10, 20)
    optimizer.iterations.assign(3 * 5)  # three epochs of five steps
    after.begin(3)
    assert float(optimizer.learning_rate) == pytest.approx(0.5**3)


def test_a_warm_up_is_copied_by_its_config():
    schedule = WarmUp(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5), 4, offset=1)
    copied = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(schedule))
    assert [float(copied(step)) for step in range(9)] == [float(schedule(step)) for step in range(9)]


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        (Step, {"every": 0, "factor": 0.1}, "`every` must be at least 1"),
        (Step, {"every": 1, "factor": 1.0}, "`factor` must be above 0 and below 1"),
        (Exponential, {"factor": 0.0}, "`factor` must be above 0 and below 1"),
        (Exponential, {"factor": float("nan")}, "`factor` must be above 0 and below 1"),
        (Cosine, {"min_rate": -0.1}, "`min_rate` must be a finite number of at least 0"),
        (Cosine, {"min_rate": 2.0}, "`min_rate` must be at most optimizer.learning_rate=1.0"),
        (Plateau, {**PLATEAU, "min_rate": 2.0}, "`min_rate` must be at most optimizer.learning_rate=1.0"),
        (Plateau, {**PLATEAU, "patience": 0}, "`patience` must be at least 1"),
        (Stages, {"epochs": [1, 2], "rates": [0.1]}, "one number for each stage"),
        (Stages, {"epochs": [], "rates": []}, "`epochs` must be numbers of at least 1"),
        (Stages, {"epochs": [1, 0], "rates": [0.1, 0.2]}, "`epochs` must be numbers of at least 1"),
        (Stages, {"epochs": [1], "rates": [0.0]}, "`rates` must be finite numbers above 0"),
        (Stages, {"epochs": [9, 2], "rates": [0.1, 0.2]}, "within trainer.epochs=10.*or trainer.epochs=11"),
        (Stages, {"epochs": [9], "rates": [0.1], "warmup_epochs": 2}, "after 2 epochs of warm-up"),
    ],
)
def test_refused(kind, fields, message):
    with pytest.raises(ConfigError, match=message):
        kind(**{"warmup_epochs": 0, **fields}).check(10, 1.0)
