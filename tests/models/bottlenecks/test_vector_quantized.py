"""Vector quantization: nearest entries, gradients, moving averages and restarts, against figures worked out by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.losses.commitment import Commitment
from aeexp.models.bottlenecks.vector_quantized import VectorQuantized

ENTRIES = np.array([[0, 0], [4, 0], [0, 3]], np.float32)
ENCODED = np.array([[[1, 1], [3, 1]], [[1, 2], [5, 0]]], np.float32)  # two images of two vectors each
NEAREST = [0, 1, 2, 1]
ONES = tf.ones(2)


def quantizer(update: str = "ema", decay: float = 0.5, restart: float = 0.0) -> VectorQuantized:
    """With the entries above; each has been taken twice in a batch, in the mean, by vectors with its own sum."""
    built = VectorQuantized(codes=3, update=update, decay=decay, restart=restart)
    built.parameters(keras.Input((2, 2)), None)
    built.codebook.assign(ENTRIES)
    built.mean_counts.assign([2.0, 2.0, 2.0])
    if update == "ema":
        built.mean_sums.assign(2 * ENTRIES)
    return built


def outputs(encoded: np.ndarray = ENCODED) -> dict[str, tf.Tensor]:
    return {"encoded": tf.constant(encoded)}


def test_each_vector_becomes_the_nearest_entry():
    built = quantizer()
    latent = built.sample(outputs(), None)
    np.testing.assert_array_equal(latent, ENTRIES[NEAREST].reshape(2, 2, 2))
    np.testing.assert_array_equal(built.counts(latent.numpy()), [[1, 2, 1]])


def test_the_gradient_passes_straight_through():
    encoded = tf.constant(ENCODED)
    weights = tf.constant(np.arange(8.0).reshape(2, 2, 2), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(encoded)
        value = tf.reduce_sum(weights * quantizer().sample({"encoded": encoded}, None))
    np.testing.assert_array_equal(tape.gradient(value, encoded), weights)


def test_penalties_are_squared_distances_with_gradients_to_one_side_each():
    """Distances of the first image: (1, 1) and (−1, 1) from its entries; of the second (1, −1) and (1, 0)."""
    built, encoded = quantizer("gradient"), tf.constant(ENCODED)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(encoded)
        penalties = built.penalties({"encoded": encoded})
    np.testing.assert_array_equal(penalties["commitment"], [4, 3])
    np.testing.assert_array_equal(penalties["codebook"], [4, 3])
    of_encoder = tape.gradient(penalties["commitment"], encoded)
    np.testing.assert_array_equal(of_encoder, 2 * (ENCODED - ENTRIES[NEAREST].reshape(2, 2, 2)))
    of_entries = tf.convert_to_tensor(tape.gradient(penalties["codebook"], built.codebook.value))
    np.testing.assert_array_equal(of_entries, 2 * np.array([[-1, -1], [8 - 8, -1], [-1, 1]]))
    assert tape.gradient(penalties["commitment"], built.codebook.value) is None
    assert tape.gradient(penalties["codebook"], encoded) is None


def test_the_loss_term_weighs_the_encoders_part_by_beta():
    term = Commitment(weight=1.0, beta=0.25)
    given = {"commitment": tf.constant([4.0, 3.0])}
    np.testing.assert_array_equal(term(tf.zeros((2, 1, 1, 1)), given), [1, 0.75])
    with_codebook = {**given, "codebook": tf.constant([4.0, 3.0])}
    np.testing.assert_array_equal(term(tf.zeros((2, 1, 1, 1)), with_codebook), [5, 3.75])


def test_moving_averages():
    """Counts ½·(2, 2, 2) + ½·(1, 2, 1); the sums of the vectors are (1, 1), (8, 1) and (1, 2)."""
    built = quantizer()
    built.update(built.statistics(outputs(), ONES))
    np.testing.assert_allclose(built.mean_counts, [1.5, 2, 1.5])
    np.testing.assert_allclose(
        built.codebook, [[0.5 / 1.5, 0.5 / 1.5], [8 / 2, 0.5 / 2], [0.5 / 1.5, 4 / 1.5]], rtol=1e-6
    )


def test_a_codebook_with_gradients_is_left_to_them():
    built = quantizer("gradient")
    built.update(built.statistics(outputs(), ONES))
    np.testing.assert_array_equal(built.codebook, ENTRIES)
    assert [each.name for each in built.trainable_weights] == ["codebook"]
    assert quantizer("ema").trainable_weights == []


@pytest.mark.parametrize("update", ["ema", "gradient"])
def test_an_entry_that_is_hardly_taken_restarts_at_a_vector_of_the_batch(update):
    built = quantizer(update, decay=0.0, restart=0.9)  # the mean count is 4 / 3, so those taken once restart
    built.update(built.statistics(outputs(), ONES))
    first, second, third = np.asarray(built.codebook)
    assert all(each.tolist() in ENCODED.reshape(-1, 2).tolist() for each in (first, third))
    assert first.tolist() != third.tolist()
    np.testing.assert_array_equal(second, [4, 0.5] if update == "ema" else [4, 0])
    np.testing.assert_allclose(built.mean_counts, [4 / 3, 2, 4 / 3])


def test_the_first_batch_gives_the_first_entries():
    built = VectorQuantized(codes=8, update="ema", decay=0.99, restart=0.03)
    built.parameters(keras.Input((6,)), 4)
    encoded = np.random.default_rng(0).normal(5, 1, (64, 4)).astype(np.float32)
    built.update(built.statistics({"encoded": tf.constant(encoded)}, tf.ones(64)))
    assert np.linalg.norm(np.asarray(built.codebook)[:, np.newaxis] - encoded, axis=-1).min(1).max() < 2


def test_images_that_fill_a_batch_do_not_count():
    whole = quantizer().statistics(outputs(), tf.constant([1.0, 0.0]))
    np.testing.assert_array_equal(whole["counts"], [1, 1, 0])
    np.testing.assert_array_equal(whole["sums"], [[1, 1], [3, 1], [0, 0]])
    assert (whole["priorities"].numpy() >= 0).sum() == 2


def test_parts_of_a_batch_have_the_statistics_of_the_whole():
    built = quantizer()
    encoded = np.random.default_rng(0).normal(2, 2, (12, 2, 2)).astype(np.float32)
    whole = built.statistics(outputs(encoded), tf.ones(12))
    parts = [
        built.statistics(outputs(encoded[place]), tf.ones(len(encoded[place]))) for place in (slice(5), slice(5, 12))
    ]
    for each in (built.combine(*parts), built.combine(*parts[::-1])):
        for name, values in whole.items():
            np.testing.assert_allclose(each[name], values, rtol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"codes": 1}, r"`codes` must be at least 2\. Received codes=1"),
        ({"update": "emma"}, r"`update` must be one of ema, gradient\. Received update=emma\. Did you mean 'ema'"),
        ({"decay": 1.0}, r"`decay` must be at least 0 and below 1\. Received decay=1\.0"),
        ({"restart": -0.1}, r"`restart` must be at least 0 and below 1\. Received restart=-0\.1"),
    ],
)
def test_what_is_refused(wrong, said):
    with pytest.raises(ConfigError, match=said):
        VectorQuantized(**{"codes": 8, "update": "ema", "decay": 0.99, "restart": 0.03, **wrong})


def test_a_negative_beta_is_refused():
    with pytest.raises(ConfigError, match=r"`beta` must be at least 0\. Received beta=-1\.0"):
        Commitment(weight=1.0, beta=-1.0)
