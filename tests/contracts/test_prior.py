"""What every prior keeps to, over each yaml of its group."""

import math
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.config.paths import CONF
from aeexp.models.priors.prior import Prior
from aeexp.runtime.random import image_seeds

YAMLS = sorted(Path(CONF, "model", "prior").glob("*.yaml"))
SEEDS = image_seeds(0, 0, tf.range(500))


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def prior(request) -> Prior:
    built = instantiate(OmegaConf.load(request.param), "model.prior", Prior)
    assert type(built).__module__ == f"aeexp.models.priors.{request.param.stem}"
    return built


def build(prior: Prior, shape: tuple[int, ...]) -> None:
    """As a model does that has a Gaussian bottleneck."""
    images = keras.Input((4, 4, 1))
    code = keras.layers.Reshape(shape)(keras.layers.Dense(math.prod(shape))(keras.layers.Flatten()(images)))
    prior.connect(keras.Model(images, {"mean": code, "log_variance": 0.1 * code}))
    prior.build(shape)


@pytest.mark.parametrize("shape", [(2,), (2, 3, 4)])
def test_samples_are_codes_with_a_density(prior, shape):
    build(prior, shape)
    samples = prior.sample(SEEDS, shape)
    assert samples.shape == (500, *shape)
    log_prob = prior.log_prob(samples)
    assert log_prob.shape == (500,)
    assert np.isfinite(log_prob).all()


def test_a_sample_depends_on_its_seed_alone(prior):
    build(prior, (3,))
    np.testing.assert_allclose(prior.sample(SEEDS, (3,))[7:9], prior.sample(SEEDS[7:9], (3,)), rtol=1e-6)


def test_samples_are_likelier_than_codes_far_away(prior):
    build(prior, (3,))
    samples = prior.sample(SEEDS, (3,))
    assert float(tf.reduce_mean(prior.log_prob(samples))) > float(tf.reduce_mean(prior.log_prob(samples + 10.0)))
