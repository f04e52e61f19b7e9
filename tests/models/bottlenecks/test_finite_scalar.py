"""Finite scalar quantization against levels worked out by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.finite_scalar import FiniteScalar


def quantized(levels: list[int], encoded: np.ndarray) -> np.ndarray:
    return FiniteScalar(levels).sample({"encoded": tf.constant(encoded, tf.float32)}, None).numpy()


@pytest.mark.parametrize(
    ("levels", "values"),
    [(2, [-1, 0]), (3, [-1, 0, 1]), (5, [-1, -0.5, 0, 0.5, 1]), (8, [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75])],
)
def test_a_number_takes_all_of_its_levels_and_no_others(levels, values):
    found = quantized([levels], np.linspace(-9, 9, 5000)[:, np.newaxis])
    np.testing.assert_allclose(np.unique(found.round(6)), values, atol=1e-6)
    assert quantized([levels], np.zeros((1, 1))) == pytest.approx(0)


def test_levels_in_between_by_hand():
    """Of five levels, 2.002·tanh(u) rounded: 0.51 for u = 0.26 and 0.49 for u = 0.25 lie on both sides of a half."""
    np.testing.assert_allclose(quantized([5], np.array([[0.26], [0.25], [-0.26]])), [[0.5], [0], [-0.5]], atol=1e-6)


def test_the_gradient_passes_the_rounding():
    """That of 2.002·tanh(u) / 2 at u = 0.3."""
    encoded = tf.constant([[0.3]])
    with tf.GradientTape() as tape:
        tape.watch(encoded)
        latent = FiniteScalar([5]).sample({"encoded": encoded}, None)
    np.testing.assert_allclose(tape.gradient(latent, encoded), [[1.001 * (1 - np.tanh(0.3) ** 2)]], rtol=1e-5)


def test_entries_are_counted_by_their_levels():
    """Of levels 3 and 2 the entries are (−1, −1), (−1, 0), (0, −1), (0, 0), (1, −1), (1, 0)."""
    codes = np.array([[[-1, -1], [0, -1]], [[1, 0], [1, 0]]], np.float32)
    np.testing.assert_array_equal(FiniteScalar([3, 2]).counts(codes), [[1, 0, 1, 0, 0, 2]])


def test_what_was_changed_goes_to_the_nearest_level():
    changed = np.array([[0.3, 7.0], [-3.0, -0.6]])
    np.testing.assert_allclose(FiniteScalar([5, 2]).nearest(changed), [[0.5, 0], [-1, -1]])


@pytest.mark.parametrize(("latent_dim", "shape"), [(None, (4, 4, 3)), (6, (6, 3))])
def test_a_code_is_of_vectors(latent_dim, shape):
    outputs = FiniteScalar([8, 5, 5]).parameters(keras.Input((4, 4, 16)), latent_dim)
    assert outputs["encoded"].shape == (None, *shape)


@pytest.mark.parametrize("levels", [[], [8, 1], [0]])
def test_fewer_than_two_levels_are_refused(levels):
    with pytest.raises(ConfigError, match=r"`levels` must be numbers of at least 2.*Received levels=\["):
        FiniteScalar(levels)


def test_too_many_entries_are_refused():
    with pytest.raises(ConfigError, match=r"product of at most 1,048,576\. Received .*, which have 2,097,152"):
        FiniteScalar([2] * 21)
