"""Facts about the Gaussian mixture prior: against SciPy, by sampling, and what it refuses."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import logsumexp
from scipy.stats import norm

from aeexp.errors import ConfigError
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.priors.gaussian_mixture import GaussianMixture
from aeexp.runtime.random import image_seeds
from tests.support.evaluations import evaluation

MEANS = np.array([[-3.0, 0.0], [1.0, 2.0], [5.0, -1.0]], np.float32)
STDS = np.array([[0.5, 1.0], [0.1, 2.0], [1.0, 0.3]], np.float32)
WEIGHTS = np.array([0.2, 0.5, 0.3], np.float32)


@pytest.fixture
def prior() -> GaussianMixture:
    """With weights 2 : 5 : 3."""
    mixture = GaussianMixture(components=3, initial_std=1.0)
    mixture.build((2,))
    mixture.set_weights([MEANS, 2 * np.log(STDS), np.log(WEIGHTS) + 7.0])
    return mixture


def test_the_density_is_that_of_scipy(prior):
    codes = np.random.default_rng(0).normal(0, 4, (50, 2)).astype(np.float32)
    components = norm.logpdf(codes[:, np.newaxis], MEANS, STDS).sum(-1)
    np.testing.assert_allclose(prior.log_prob(codes), logsumexp(components, 1, WEIGHTS), rtol=2e-5)


def test_samples_have_the_weights_and_the_moments_of_the_components(prior):
    samples = prior.sample(image_seeds(0, 0, tf.range(40_000)), (2,)).numpy()
    nearest = norm.logpdf(samples[:, np.newaxis], MEANS, STDS).sum(-1).argmax(1)  # the components lie far apart
    np.testing.assert_allclose(np.bincount(nearest) / len(samples), WEIGHTS, atol=0.01)
    for component in range(3):
        own = samples[nearest == component]
        np.testing.assert_allclose(own.mean(0), MEANS[component], atol=0.06)
        np.testing.assert_allclose(own.std(0), STDS[component], rtol=0.03)


def test_one_component_is_its_normal_distribution():
    prior = GaussianMixture(components=1, initial_std=1.0)
    prior.build((2, 2, 3))
    mean = prior.get_weights()[0][0]
    code = np.ones((1, 2, 2, 3), np.float32)
    assert float(prior.log_prob(code)[0]) == pytest.approx(norm.logpdf(code[0], mean).sum(), rel=1e-5)


def test_all_of_it_is_learned(prior):
    parameters = {"mean": tf.fill((4, 2), 1.5), "log_variance": tf.zeros((4, 2))}
    latent = Gaussian().sample(parameters, image_seeds(0, 0, tf.range(4)))
    with tf.GradientTape() as tape:
        kl = prior.density().kl(parameters, latent, Gaussian().log_prob(parameters, latent))
    assert kl.shape == (4,)
    assert all(np.any(each) for each in tape.gradient(kl, prior.trainable_variables))


def test_the_density_of_a_component_without_width_is_finite(prior):
    prior.set_weights([MEANS, np.full((3, 2), -1e4, np.float32), WEIGHTS])
    assert np.isfinite(prior.log_prob(MEANS)).all()


@pytest.mark.parametrize(("settings", "named"), [((0, 1.0), "components=0"), ((3, 0.0), "initial_std=0.0")])
def test_refuses(settings, named):
    with pytest.raises(ConfigError, match=named):
        GaussianMixture(*settings)


def test_refuses_codes_without_a_density():
    model = evaluation("vector").model
    with pytest.raises(ConfigError, match="Deterministic have no density"):
        Autoencoder(model.encoder, Deterministic(), model.decoder, GaussianMixture(2, 1.0))
