"""Von Mises-Fisher codes: moments of draws, densities and gradients against SciPy and closed forms."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import special, stats

from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.von_mises_fisher import VonMisesFisher
from aeexp.models.priors.uniform_sphere import UniformSphere
from aeexp.runtime.random import image_seeds

COUNT = 20_000
SEEDS = image_seeds(1, 0, tf.range(COUNT))


def code(size: int, kappa: float, count: int = COUNT) -> dict[str, tf.Tensor]:
    direction = np.arange(1, size + 1) / np.linalg.norm(np.arange(1, size + 1))
    return {
        "mean": tf.constant(np.tile(direction, (count, 1)), tf.float32),
        "concentration": tf.fill([count, 1], kappa),
    }


def mean_cosine(size: int, kappa: float) -> float:
    return float(special.ive(size / 2, kappa) / special.ive(size / 2 - 1, kappa))


@pytest.mark.parametrize("size", [2, 3, 10, 40])
@pytest.mark.parametrize("kappa", [1.0, 20.0, 3000.0])
def test_draws_lie_on_the_sphere_around_the_mean_direction(size, kappa):
    parameters = code(size, kappa)
    draws = VonMisesFisher().sample(parameters, SEEDS).numpy().astype(float)
    np.testing.assert_allclose(np.linalg.norm(draws, axis=1), 1, atol=1e-5)
    mean, direction = mean_cosine(size, kappa), parameters["mean"][0].numpy()
    shortfall = 1 - draws @ direction
    assert shortfall.mean() == pytest.approx(1 - mean, abs=4 * shortfall.std() / np.sqrt(COUNT))
    across = draws.mean(0) - mean * direction
    assert np.linalg.norm(across) < 6 * np.sqrt((1 - mean**2) / COUNT)


def test_draws_have_the_distribution_of_scipy():
    """The cosine in three dimensions has the distribution function (exp(κ·w) − exp(−κ)) / (2·sinh κ)."""
    parameters = code(3, 4.0)
    cosine = np.sum(VonMisesFisher().sample(parameters, SEEDS) * parameters["mean"], 1)
    test = stats.kstest(cosine, lambda w: (np.exp(4 * w) - np.exp(-4)) / (2 * np.sinh(4)))
    assert test.pvalue > 1e-3


@pytest.mark.parametrize("size", [2, 3, 10])
def test_density_is_that_of_scipy(size):
    parameters = code(size, 7.0, 50)
    points = stats.uniform_direction(size, seed=0).rvs(50)
    expected = stats.vonmises_fisher(parameters["mean"][0].numpy().astype(float), 7.0).logpdf(points)
    found = VonMisesFisher().log_prob(parameters, tf.constant(points, tf.float32))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_the_gradient_by_the_concentration_is_that_of_the_mean():
    """The mean of μᵀz is A(κ), whose derivative is 1 − A² − (m − 1)·A/κ."""
    parameters, size, kappa = code(5, 6.0), 5, 6.0
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        cosine = tf.reduce_sum(VonMisesFisher().sample(parameters, SEEDS) * tf.stop_gradient(parameters["mean"]), 1)
    slopes = tape.gradient(cosine, parameters)["concentration"].numpy()
    mean = mean_cosine(size, kappa)
    assert slopes.mean() == pytest.approx(
        1 - mean**2 - (size - 1) / kappa * mean, abs=4 * float(slopes.std()) / COUNT**0.5
    )


def test_the_divergence_in_closed_form_is_the_mean_of_its_samples():
    parameters = code(6, 15.0)
    latent = VonMisesFisher().sample(parameters, SEEDS)
    log_posterior = VonMisesFisher().log_prob(parameters, latent)
    closed = UniformSphere().kl(parameters, latent, log_posterior)
    estimates = (log_posterior - UniformSphere().log_prob(latent)).numpy()
    assert estimates.mean() == pytest.approx(float(closed[0]), abs=4 * float(estimates.std()) / COUNT**0.5)


def test_parameters_are_a_direction_and_a_bounded_concentration():
    features = keras.Input((3,))
    model = keras.Model(features, VonMisesFisher().parameters(features, 4))
    for scale in (0.0, 1.0, 1e6):
        outputs = model(tf.constant([[1.0, -2.0, 3.0], [-1.0, 2.0, -3.0]]) * scale)
        assert np.all(outputs["concentration"] >= 1)
        assert np.all(outputs["concentration"] <= 1e4)
        assert all(np.isfinite(values).all() for values in outputs.values())
    np.testing.assert_allclose(np.linalg.norm(outputs["mean"], axis=1), 1, rtol=1e-5)


def test_a_sphere_needs_two_numbers():
    with pytest.raises(ConfigError, match=r"`latent_dim` must be at least 2, .* sphere\. Received latent_dim=1"):
        VonMisesFisher().parameters(keras.Input((8,)), 1)
