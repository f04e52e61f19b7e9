"""Facts about the standard normal prior, by hand and by sampling."""

import math

import numpy as np
import pytest
import tensorflow as tf

from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.priors.prior import Prior
from aeexp.models.priors.standard_normal import StandardNormal
from aeexp.runtime.random import image_seeds


def posterior(mean: float, std: float, count: int = 1) -> dict[str, tf.Tensor]:
    return {"mean": tf.fill((count, 2), mean), "log_variance": tf.fill((count, 2), 2 * math.log(std))}


def kl(parameters: dict[str, tf.Tensor]) -> np.ndarray:
    latent = parameters["mean"]
    return StandardNormal().kl(parameters, latent, Gaussian().log_prob(parameters, latent)).numpy()


def test_a_posterior_equal_to_the_prior_costs_nothing():
    np.testing.assert_array_equal(kl(posterior(0.0, 1.0)), [0])


@pytest.mark.parametrize(("mean", "std"), [(1.0, 1.0), (0.0, 2.0), (-0.5, 0.1)])
def test_the_closed_form(mean, std):
    expected = 0.5 * (std**2 + mean**2 - 1) - math.log(std)
    np.testing.assert_allclose(kl(posterior(mean, std)), [2 * expected], rtol=1e-5)
    per_dimension = StandardNormal().kl_per_dimension(posterior(mean, std))
    np.testing.assert_allclose(per_dimension, np.full((1, 2), expected), rtol=1e-5)


def test_the_estimate_from_samples_has_the_closed_form_as_its_mean():
    parameters = posterior(0.7, 0.5, 20_000)
    latent = Gaussian().sample(parameters, image_seeds(0, 0, tf.range(20_000)))
    log_posterior = Gaussian().log_prob(parameters, latent)
    estimate = Prior.kl(StandardNormal(), parameters, latent, log_posterior)
    assert estimate.shape == (20_000,)
    assert float(tf.reduce_mean(estimate)) == pytest.approx(float(kl(parameters)[0]), abs=0.02)


def test_the_density_at_zero():
    assert float(StandardNormal().log_prob(tf.zeros((1, 3)))[0]) == pytest.approx(-1.5 * math.log(2 * math.pi))
