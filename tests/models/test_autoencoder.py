"""Outputs that loss terms ask the model for."""

import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.architectures.dense import Dense
from aeexp.models.bottlenecks.categorical import Categorical
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.bottlenecks.von_mises_fisher import VonMisesFisher
from aeexp.models.priors.gaussian_mixture import GaussianMixture
from aeexp.models.priors.standard_normal import StandardNormal
from aeexp.models.priors.uniform_sphere import UniformSphere
from aeexp.runtime.random import image_seeds
from tests.support.evaluations import autoencoder

IMAGES = tf.constant(np.random.default_rng(0).random((5, 4, 4, 1)), tf.float32)
SEEDS = image_seeds(3, 1, tf.range(5))


def model(*needed: str, prior=None):
    return autoencoder(Dense([6]), Deterministic(), 2, (4, 4, 1), (4, 4, 1), prior, needed)


def test_codes_of_the_prior_depend_on_the_seed_of_their_image_alone():
    prior = model("prior_latent")
    drawn = prior.draw(IMAGES, SEEDS)["prior_latent"]
    assert drawn.shape == (5, 2)
    np.testing.assert_array_equal(prior.draw(IMAGES[3:], SEEDS[3:])["prior_latent"], drawn[3:])
    many = prior.draw(tf.zeros((20_000, 4, 4, 1)), image_seeds(0, 0, tf.range(20_000)))["prior_latent"].numpy()
    assert abs(many.mean()) < 0.02
    assert abs(many.std() - 1) < 0.02


def test_a_deterministic_code_has_a_prior_only_where_it_is_held_against_it():
    assert isinstance(model("prior_latent").prior, StandardNormal)
    assert model("prior_latent").density() is None
    assert model().prior is None
    with pytest.raises(ConfigError, match=r"have no density .*or the loss term mmd"):
        model(prior=GaussianMixture(3, 1.0))


def test_the_norm_of_the_decoder_is_half_its_squared_kernels():
    drawn = model("decoder_norm").draw(IMAGES, SEEDS)["decoder_norm"]
    kernels = [each.numpy() for each in model().decoder.trainable_variables if each.path.endswith("kernel")]
    assert len(kernels) == 2
    np.testing.assert_allclose(drawn, [sum(np.sum(each**2) for each in kernels) / 2] * 5, rtol=1e-5)


@pytest.mark.parametrize(
    ("bottleneck", "prior", "fitting"),
    [
        (Gaussian(), UniformSphere(), "Gaussian are real numbers; choose model/prior=standard_normal"),
        (VonMisesFisher(), StandardNormal(), "points of the unit sphere; choose model/prior=uniform_sphere"),
        (Categorical(4, 1.0, 1.0, 0.0, False), UniformSphere(), "categories; choose model/prior=uniform_categories"),
    ],
)
def test_a_prior_of_other_codes_is_refused_with_one_that_fits(bottleneck, prior, fitting):
    with pytest.raises(ConfigError, match=rf"^model\.prior: {type(prior).__name__} is of .*{fitting}\.$"):
        autoencoder(Dense([6]), bottleneck, 2, (4, 4, 1), (4, 4, 1), prior)
