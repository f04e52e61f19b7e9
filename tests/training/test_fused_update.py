"""The fused update against the one of Keras: the same weights after several steps, whatever the settings."""

import keras
import numpy as np
import pytest

from aeexp.training.fused_update import fuse

OPTIMIZERS = {
    "adam": lambda: keras.optimizers.Adam(0.01),
    "adam, a whole number": lambda: keras.optimizers.Adam(0.01, beta_1=0),
    "adam, clipped": lambda: keras.optimizers.Adam(0.01, beta_1=0.5, clipnorm=0.1),
    "adam, a schedule": lambda: keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
    "adamw": lambda: keras.optimizers.AdamW(0.01, weight_decay=0.1),
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
    optimizer.build(weights)
    if fused:
        fuse(optimizer)
    for _ in range(6):
        optimizer.apply([keras.ops.convert_to_tensor(random.normal(size=w.shape), "float32") for w in weights], weights)
    return [variable.numpy() for variable in [*weights, *optimizer.variables]]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_equals_keras(name):
    for ours, theirs in zip(trained(OPTIMIZERS[name](), True), trained(OPTIMIZERS[name](), False), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", OPTIMIZERS | UNTOUCHED)
def test_leaves_alone_what_has_no_operation_of_its_own(name):
    optimizer = (OPTIMIZERS | UNTOUCHED)[name]()
    optimizer.build([keras.Variable([1.0])])
    fuse(optimizer)
    assert ("update_step" in vars(optimizer)) == (name in OPTIMIZERS)
