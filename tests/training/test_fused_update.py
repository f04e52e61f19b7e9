"""The fused update against the one of Keras: the same weights after several steps, whatever the settings."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.training.fused_update import fuse
from aeexp.training.learning_rate import AssignedRate, WarmUp

OPTIMIZERS = {
    "adam": lambda: keras.optimizers.Adam(0.01),
    "adam, a whole number": lambda: keras.optimizers.Adam(0.01, beta_1=0),
    "adam, clipped": lambda: keras.optimizers.Adam(0.01, beta_1=0.5, clipnorm=0.1),
    "adam, a schedule": lambda: keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
    "adam, warm-up": lambda: keras.optimizers.Adam(WarmUp(keras.optimizers.schedules.CosineDecay(0.1, 9), 3)),
    "adam, assigned": lambda: keras.optimizers.Adam(WarmUp(AssignedRate(0.01), 3)),
    "adam, decayed": lambda: keras.optimizers.Adam(0.01, weight_decay=0.1, clipvalue=0.2),
    "adamw": lambda: keras.optimizers.AdamW(0.01, weight_decay=0.1),
    "adamw, clipped together": lambda: keras.optimizers.AdamW(0.01, global_clipnorm=0.3),
    "rmsprop, clipped": lambda: keras.optimizers.RMSprop(0.01, weight_decay=0.1, global_clipnorm=0.3),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01),
    "rmsprop, momentum": lambda: keras.optimizers.RMSprop(0.01, rho=0.8, momentum=0.9),
}
UNTOUCHED = {
    "amsgrad": lambda: keras.optimizers.Adam(0.01, amsgrad=True),
    "centered": lambda: keras.optimizers.RMSprop(0.01, centered=True),
    "sgd": lambda: keras.optimizers.SGD(0.01),
}


def trained(optimizer: keras.optimizers.Optimizer, fused: bool) -> list[np.ndarray]:
    """Two weights and the optimizer's state after six steps."""
    random = np.random.default_rng(0)
    weights = [keras.Variable(random.normal(size=shape), dtype="float32") for shape in [(3, 4), (5,)]]
    if fused:
        optimizer = fuse(optimizer)
    optimizer.build(weights)
    for _ in range(6):
        optimizer.apply([keras.ops.convert_to_tensor(random.normal(size=w.shape), "float32") for w in weights], weights)
    return [variable.numpy() for variable in [*weights, *optimizer.variables]]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_equals_keras(name):
    for ours, theirs in zip(trained(OPTIMIZERS[name](), True), trained(OPTIMIZERS[name](), False), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_keeps_the_state_of_keras_in_its_order(name):
    """Stored training states are lists in this order."""
    weights = [
        keras.Variable(np.zeros(shape), dtype="float32", name=f"weight_{len(shape)}") for shape in [(3, 4), (5,)]
    ]
    plain = OPTIMIZERS[name]()
    fused = fuse(OPTIMIZERS[name]())
    names = []
    for optimizer in (plain, fused):
        optimizer.build(weights)
        names.append([(variable.name, variable.shape, variable.dtype) for variable in optimizer.variables])
    assert names[0] == names[1]
    assert fused.get_config() == plain.get_config() | {"name": fused.name}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_has_the_operation_of_tensorflow(name):
    optimizer = fuse(OPTIMIZERS[name]())
    weight = keras.Variable([1.0])
    graph = tf.function(lambda gradient: optimizer.apply([gradient], [weight])).get_concrete_function(tf.ones(1)).graph
    assert {operation.type for operation in graph.get_operations()} & {"ResourceApplyAdam", "ResourceApplyRMSProp"}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_what_has_no_operation_of_its_own_stays_as_it_is(name):
    optimizer = UNTOUCHED[name]()
    assert fuse(optimizer) is optimizer


class Halving(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule of the user's own, which Keras cannot copy."""

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        return 0.5 ** keras.ops.cast(step, "float32")


class Own(keras.optimizers.Adam):
    """An optimizer of the user's own."""


@pytest.mark.parametrize("optimizer", [keras.optimizers.Adam(Halving()), Own()])
def test_what_is_the_users_own_stays_as_it_is(optimizer):
    assert fuse(optimizer) is optimizer
