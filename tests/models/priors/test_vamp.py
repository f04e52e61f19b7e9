"""Facts about the VampPrior: the mixture of posteriors by hand, its weights, and what it refuses."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.special import logsumexp
from scipy.stats import norm

from aeexp.errors import ConfigError
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.priors import vamp
from aeexp.models.priors.vamp import Vamp
from aeexp.runtime.random import image_seeds
from tests.support.evaluations import SMALL_CONV, autoencoder

SHAPE = (8, 8, 1)


@pytest.fixture(scope="module")
def model() -> Autoencoder:
    return autoencoder(SMALL_CONV, Gaussian(), 3, SHAPE, SHAPE, Vamp(5, initial_mean=0.5, initial_std=0.4))


def test_the_density_is_the_mean_of_the_posteriors_of_the_pseudo_inputs(model):
    posteriors = model.encoder(model.prior.pseudo_inputs)
    means, stds = posteriors["mean"].numpy(), np.exp(posteriors["log_variance"].numpy() / 2)
    codes = np.random.default_rng(0).normal(0, 2, (20, 3)).astype(np.float32)
    expected = logsumexp(norm.logpdf(codes[:, np.newaxis], means, stds).sum(-1), 1) - np.log(5)
    np.testing.assert_allclose(model.prior.log_prob(codes), expected, rtol=1e-5)


def test_the_posterior_of_the_only_pseudo_input_is_the_prior():
    alone = autoencoder(SMALL_CONV, Gaussian(), 3, SHAPE, SHAPE, Vamp(1, initial_mean=0.5, initial_std=0.4))
    drawn = alone.with_kl(alone.draw(alone.prior.pseudo_inputs, tf.ones((1, 2), tf.uint32)))
    assert float(drawn["kl"][0]) == pytest.approx(0, abs=1e-5)


def test_pseudo_inputs_are_images(model):
    first = model.prior.get_weights()[0]
    assert first.min() < 0
    assert first.max() > 1
    np.testing.assert_array_equal(model.prior.pseudo_inputs, first.clip(0, 1))


def test_its_weights_are_the_pseudo_inputs_alone(model):
    assert [each.shape for each in model.prior.weights] == [(5, *SHAPE)]
    assert len(model.weights) == len(model.encoder.weights) + len(model.decoder.weights) + 1


def test_its_weights_are_saved_with_the_model(model, tmp_path):
    model.save_weights(tmp_path / "all.weights.h5")
    keras.utils.set_random_seed(7)
    other = autoencoder(SMALL_CONV, Gaussian(), 3, SHAPE, SHAPE, Vamp(5, initial_mean=0.1, initial_std=0.1))
    other.load_weights(tmp_path / "all.weights.h5")
    codes = tf.ones((2, 3))
    np.testing.assert_array_equal(other.prior.log_prob(codes), model.prior.log_prob(codes))


def test_shards_change_nothing(model, monkeypatch):
    codes = tf.ones((2, 3))
    whole = model.prior.log_prob(codes)
    monkeypatch.setattr(vamp, "SHARD", 2)
    np.testing.assert_allclose(model.prior.log_prob(codes), whole, rtol=1e-6)


def test_samples_lie_where_the_mixture_is(model):
    samples = model.prior.sample(image_seeds(0, 0, tf.range(20_000)), (3,)).numpy()
    posteriors = model.encoder(model.prior.pseudo_inputs)
    variances = np.exp(posteriors["log_variance"])
    means = posteriors["mean"].numpy()
    np.testing.assert_allclose(samples.mean(0), means.mean(0), atol=0.05)
    np.testing.assert_allclose(samples.var(0), variances.mean(0) + means.var(0), rtol=0.05)


@pytest.mark.parametrize(
    ("settings", "named"),
    [((0, 0.1, 0.1), "pseudo_inputs=0"), ((3, 2.0, 0.1), "initial_mean=2.0"), ((3, 0.1, 0.0), "initial_std=0.0")],
)
def test_refuses(settings, named):
    with pytest.raises(ConfigError, match=named):
        Vamp(*settings)


def test_refuses_posteriors_that_are_not_normal():
    images = keras.Input(SHAPE)
    encoder = keras.Model(images, {"mean": keras.layers.Flatten()(images)})
    with pytest.raises(ConfigError, match="gives no log_variance"):
        Vamp(3, 0.1, 0.1).connect(encoder)
