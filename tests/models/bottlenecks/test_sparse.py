"""Sparse codes: which numbers are kept, by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.sparse import Sparse


def encoder(k: int, shape: tuple[int, ...]) -> keras.Model:
    """Whose linear layer is the identity."""
    features = keras.Input(shape)
    model = keras.Model(features, Sparse(k).parameters(features, None)["latent"])
    model.set_weights([np.eye(shape[-1]), np.zeros(shape[-1])])
    return model


@pytest.mark.parametrize(
    ("k", "kept"),
    [(1, [0, 0, 5, 0]), (2, [0, 3, 5, 0]), (3, [-1, 3, 5, 0]), (4, [-1, 3, 5, -7])],
)
def test_the_largest_numbers_stay(k, kept):
    np.testing.assert_array_equal(encoder(k, (4,))(tf.constant([[-1.0, 3, 5, -7]])), [kept])


def test_of_a_grid_the_largest_of_all_places_stay():
    grid = tf.constant([[[[1.0, 2], [3, 4]]], [[[8, 7], [6, 5]]]])
    np.testing.assert_array_equal(encoder(2, (1, 2, 2))(grid), [[[[0, 0], [3, 4]]], [[[8, 7], [0, 0]]]])


def test_gradients_pass_through_what_is_kept():
    numbers, model = tf.constant([[-1.0, 3, 5, -7]]), encoder(2, (4,))
    with tf.GradientTape() as tape:
        tape.watch(numbers)
        value = tf.reduce_sum(tf.constant([[10.0, 20, 30, 40]]) * model(numbers))
    np.testing.assert_array_equal(tape.gradient(value, numbers), [[0, 20, 30, 0]])


def test_the_nearest_code_keeps_the_largest_magnitudes():
    np.testing.assert_array_equal(Sparse(2).nearest(tf.constant([[-1.0, 3, 5, -7]])), [[0, 0, 5, -7]])


@pytest.mark.parametrize("latent_dim", [8, None])
def test_codes_have_so_many_numbers(latent_dim):
    features = keras.Input((2, 2, 3))
    model = keras.Model(features, Sparse(5).parameters(features, latent_dim))
    latent = model(tf.random.stateless_normal((6, 2, 2, 3), [0, 1]))["latent"].numpy()
    np.testing.assert_array_equal((latent.reshape(6, -1) != 0).sum(1), 5)


def test_what_is_refused():
    with pytest.raises(ConfigError, match=r"`k` must be at least 1\. Received k=0"):
        Sparse(0)
    with pytest.raises(ConfigError, match=r"`k` must be at most the size of the code, 8\. Received k=9; choose"):
        Sparse(9).parameters(keras.Input((3,)), 8)
