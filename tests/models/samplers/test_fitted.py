"""Samplers that are fitted to codes: their moments, their seeds, and what they refuse."""

import numpy as np
import pytest
import tensorflow as tf
from sklearn.mixture import GaussianMixture as Reference

from aeexp.errors import ConfigError
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.samplers.gaussian import Gaussian
from aeexp.models.samplers.gaussian_mixture import GaussianMixture
from aeexp.runtime.random import image_seeds
from tests.support.evaluations import evaluation

RANDOM = np.random.default_rng(0)
SEEDS = image_seeds(0, 0, tf.range(50_000))
COVARIANCE = np.array([[2.0, 1.2, 0.0], [1.2, 1.0, 0.0], [0.0, 0.0, 0.0]])  # the third number is always the same
SLANTED = RANDOM.multivariate_normal([1.0, -2.0, 3.0], COVARIANCE, 5000).astype(np.float32)
APART = np.concatenate([RANDOM.normal(-5, 0.5, (3000, 2)), RANDOM.normal(5, 1.0, (1000, 2))]).astype(np.float32)


@pytest.fixture(scope="module")
def model() -> Autoencoder:
    return evaluation("vector").model


def test_a_gaussian_has_the_mean_and_the_covariance_of_the_codes(model):
    drawn = Gaussian(images=2).fitted(model, SLANTED)(SEEDS)
    assert drawn.dtype == np.float32
    np.testing.assert_allclose(drawn.mean(axis=0), SLANTED.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(SLANTED.T), atol=0.05)


def test_a_mixture_has_the_clusters_of_the_codes(model):
    drawn = GaussianMixture(images=2, components=2, seed=0).fitted(model, APART)(SEEDS)
    left = drawn[:, 0] < 0
    assert left.mean() == pytest.approx(0.75, abs=0.01)
    np.testing.assert_allclose(drawn[left].std(axis=0), APART[:3000].std(axis=0), rtol=0.03)
    np.testing.assert_allclose(drawn[~left].mean(axis=0), APART[3000:].mean(axis=0), atol=0.05)
    density = Reference(2, random_state=0).fit(APART)
    assert density.score(drawn) == pytest.approx(density.score(density.sample(50_000)[0]), abs=0.02)


@pytest.mark.parametrize("sampler", [Gaussian(images=2), GaussianMixture(images=2, components=10, seed=0)])
@pytest.mark.parametrize("count", [1, 3])
def test_few_codes_and_equal_ones_are_enough(model, sampler, count):
    codes = np.ones((count, 2, 2, 3), np.float32)
    np.testing.assert_allclose(sampler.fitted(model, codes)(SEEDS[:5]), np.ones((5, 2, 2, 3)), atol=0.01)


@pytest.mark.parametrize("sampler", [Gaussian(images=2), GaussianMixture(images=2, components=3, seed=0)])
def test_a_code_depends_on_its_seed_alone(model, sampler):
    draw = sampler.fitted(model, APART)
    np.testing.assert_allclose(draw(SEEDS[:40])[7:9], draw(SEEDS[7:9]), rtol=1e-6)


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: Gaussian(images=1), "images=1"),
        (lambda: GaussianMixture(images=9, components=0, seed=0), "components=0"),
    ],
)
def test_refuses(build, named):
    with pytest.raises(ConfigError, match=named):
        build()


def test_a_code_of_too_many_numbers_is_refused(model, monkeypatch):
    Gaussian(images=2).check(model)
    monkeypatch.setattr("aeexp.models.samplers.sampler.MAX_NUMBERS", 5)
    with pytest.raises(ConfigError, match="at most 5 numbers, and this model has 6"):
        Gaussian(images=2).check(model)
