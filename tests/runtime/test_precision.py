"""Lower precision inside the layers, float32 everywhere else."""

import logging

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.fast_conv import fuse_convolutions
from aeexp.runtime import precision
from aeexp.runtime.precision import built_in_precision, warn_where_slow
from tests.support.evaluations import SMALL_CONV, autoencoder

IMAGES = tf.random.stateless_uniform((3, 8, 8, 1), [0, 0])


def model() -> Autoencoder:
    return autoencoder(SMALL_CONV, Gaussian(), 5, (8, 8, 1), (8, 8, 1))


def test_outputs_and_weights_are_float32():
    with built_in_precision("mixed_bfloat16"):
        built = model()
    assert keras.config.dtype_policy().name == "float32"
    for mixed in (built, fuse_convolutions(built)):
        outputs = mixed(IMAGES, seeds=tf.ones((3, 2), tf.uint32))
        assert {values.dtype for values in outputs.values()} == {tf.float32}
        assert {weight.dtype for weight in mixed.weights} == {"float32"}
        assert mixed.encoder.layers[1].compute_dtype == "bfloat16"
    assert {values.dtype for values in built.functional()(IMAGES).values()} == {tf.float32}


def test_weights_serve_either_precision():
    exact = model()
    with built_in_precision("mixed_bfloat16"):
        mixed = model()
    mixed.set_weights(exact.get_weights())
    ours, theirs = (each(IMAGES)["reconstruction"] for each in (fuse_convolutions(mixed), exact))
    np.testing.assert_allclose(ours, theirs, atol=0.02)
    assert not np.array_equal(ours, theirs)


@pytest.mark.parametrize("fast", [True, False])
def test_warns_where_it_is_of_no_use(monkeypatch, caplog, fast):
    monkeypatch.setattr(precision, "BFLOAT16_FLAGS", ("",) if fast else ("no such flag",))
    with caplog.at_level(logging.WARNING):
        warn_where_slow("float32")
        assert not caplog.records
        warn_where_slow("mixed_bfloat16")
    assert ("float32 is faster here" in caplog.text) is not fast
