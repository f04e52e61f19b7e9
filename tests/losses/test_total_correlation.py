"""The total correlation against sums over mixtures, and where it is known."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import special, stats

from aeexp.losses.total_correlation import TotalCorrelation

RANDOM = np.random.default_rng(0)
LOSS = TotalCorrelation(weight=1.0)


def values(mean, log_variance, latent, *, present=None, dataset_size=None) -> np.ndarray:
    arrays = {"mean": mean, "log_variance": np.broadcast_to(log_variance, np.shape(mean)), "latent": latent}
    outputs = {name: tf.constant(each, tf.float32) for name, each in arrays.items()}
    outputs["present"] = tf.ones(len(mean)) if present is None else tf.constant(present, tf.float32)
    outputs["dataset_size"] = tf.constant(float(dataset_size or len(mean)))
    return LOSS(tf.zeros((len(mean), 2, 2, 1)), outputs).numpy()


def expected(mean, log_variance, latent, dataset_size: int) -> np.ndarray:
    """log q(z) − Σ_d log q(z_d), each a mixture over the images of the batch."""
    count = len(mean)
    log_densities = stats.norm.logpdf(latent[:, None], mean, np.exp(log_variance / 2))
    weights = np.where(np.eye(count) > 0, 1 / dataset_size, (1 - 1 / dataset_size) / (count - 1))
    joint = special.logsumexp(log_densities.sum(2), axis=1, b=weights)
    return joint - special.logsumexp(log_densities, axis=1, b=weights[:, :, None]).sum(1)


@pytest.mark.parametrize("dataset_size", [6, 1000])
def test_value_is_the_ratio_of_the_mixtures(dataset_size):
    mean, log_variance, latent = RANDOM.normal(size=(3, 6, 4))
    found = values(mean, log_variance, latent, dataset_size=dataset_size)
    np.testing.assert_allclose(found, expected(mean, log_variance, latent, dataset_size), rtol=1e-4, atol=1e-4)


def test_two_places_that_differ_in_both_dimensions_have_one_bit():
    """Either dimension tells of the other which of two equally likely places it is at: log 2."""
    mean = np.array([[-3.0, -3.0], [3.0, 3.0]] * 8)
    found = values(mean, -9.0, mean)
    np.testing.assert_allclose(found, np.log(2), rtol=0.02)


def test_independent_dimensions_have_none():
    mean = np.array([[a, b] for a in (-3.0, 3.0) for b in (-3.0, 3.0)] * 50)
    np.testing.assert_allclose(values(mean, -9.0, mean), 0, atol=0.02)
    np.testing.assert_allclose(values(np.zeros((5, 3)), 0.0, RANDOM.normal(size=(5, 3))), 0, atol=1e-5)


def test_images_that_fill_a_batch_change_nothing():
    mean, log_variance, latent = RANDOM.normal(size=(3, 6, 4))
    filled = values(mean, log_variance, latent, present=[1, 1, 1, 1, 0, 0], dataset_size=50)
    alone = values(mean[:4], log_variance[:4], latent[:4], dataset_size=50)
    np.testing.assert_allclose(filled[:4], alone, rtol=1e-5)
    single = values(mean, log_variance, latent, present=[1, 0, 0, 0, 0, 0], dataset_size=50)
    assert np.isfinite(single).all()


def test_a_code_that_is_a_grid_is_taken_as_a_vector():
    mean, log_variance, latent = RANDOM.normal(size=(3, 5, 2, 2, 3))
    flat = values(*(each.reshape(5, 12) for each in (mean, log_variance, latent)), dataset_size=9)
    np.testing.assert_allclose(values(mean, log_variance, latent, dataset_size=9), flat, rtol=1e-5)
