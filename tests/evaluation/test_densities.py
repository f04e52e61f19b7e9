"""Densities of a model whose posterior is exact: probabilistic PCA, where every importance weight is the likelihood."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from scipy.special import logsumexp

from aeexp.corruptions.chain import Chain
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.evaluation.densities import ModelDensities
from aeexp.losses.gaussian import Gaussian as GaussianLikelihood
from aeexp.metrics.aggregate_kl import AggregateKl
from aeexp.metrics.distortion import Distortion
from aeexp.metrics.elbo import Elbo
from aeexp.metrics.mutual_information import MutualInformation
from aeexp.metrics.nll import Nll
from aeexp.metrics.rate import Rate
from aeexp.models.architectures.dense import Dense
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.priors.standard_normal import StandardNormal
from aeexp.runtime.random import EVALUATION_EPOCH

COUNT, PIXELS, CODE, STD = 70, 12, 2, 0.5
RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (COUNT, 4, 3, 1), np.uint8)
X = IMAGES.reshape(COUNT, PIXELS) / 255
LOADINGS, MEAN = RANDOM.normal(size=(PIXELS, CODE)), RANDOM.normal(size=PIXELS)


@pytest.fixture(scope="module")
def densities() -> ModelDensities:
    """p(z) = N(0, 1), p(x|z) = N(Wz + b, σ²) with orthogonal columns of W, and its exact posterior."""
    loadings, _ = np.linalg.qr(LOADINGS)
    precision = 1 + 1 / STD**2
    to_mean = loadings / STD**2 / precision
    architecture = Dense([], output_activation="linear")
    body, bottleneck = architecture.encoder((4, 3, 1)), Gaussian()
    encoder = keras.Model(body.inputs, bottleneck.parameters(body.outputs[0], CODE))
    decoder = architecture.decoder((CODE,), (4, 3, 1))
    encoder.get_layer("mean").set_weights([to_mean, -MEAN @ to_mean])
    log_variance = [np.zeros((PIXELS, CODE)), np.full(CODE, -np.log(precision))]
    encoder.get_layer("log_variance").set_weights(log_variance)
    decoder.set_weights([loadings.T, MEAN])
    model = Autoencoder(encoder, bottleneck, decoder, StandardNormal())
    pairs = CorruptedPairs(tf.constant(IMAGES), Chain({}), 0)
    return ModelDensities(model, pairs, GaussianLikelihood(weight=1.0, std=STD))


@pytest.fixture(scope="module")
def log_likelihood() -> np.ndarray:
    loadings, _ = np.linalg.qr(LOADINGS)
    return stats.multivariate_normal(MEAN, loadings @ loadings.T + STD**2 * np.eye(PIXELS)).logpdf(X)


@pytest.mark.parametrize("samples", [1, 3, 130])
def test_every_weight_under_the_exact_posterior_is_the_likelihood(densities, log_likelihood, samples):
    weights = np.concatenate(list(densities.log_weights(samples)))
    assert weights.shape == (COUNT, samples)
    np.testing.assert_allclose(weights, np.tile(log_likelihood[:, np.newaxis], samples), atol=1e-3)
    np.testing.assert_allclose(Nll(samples=samples)(densities), -log_likelihood, atol=1e-3)


def test_samples_of_an_image_differ_and_are_the_same_again(densities):
    densities = ModelDensities(densities.model, densities.pairs, GaussianLikelihood(weight=1.0, std=1.0))
    first, again = (np.concatenate(list(densities.log_weights(130))) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert len(np.unique(first[5])) == 130


def test_rate_and_distortion_add_up_to_the_bound(densities, log_likelihood):
    rate, distortion, elbo = (metric(densities) for metric in (Rate(), Distortion(), Elbo()))
    np.testing.assert_allclose(rate + distortion, -elbo, rtol=1e-6)
    parameters = densities.model.parameters(tf.constant(IMAGES, tf.float32) / 255)
    mean, variance = parameters["mean"].numpy(), 1 / (1 + 1 / STD**2)
    np.testing.assert_allclose(rate, 0.5 * (mean**2 + variance - 1 - np.log(variance)).sum(1), rtol=1e-4)
    assert elbo.mean() == pytest.approx(log_likelihood.mean(), abs=0.3)  # by the noise of one code an image


def test_aggregate_is_the_mean_of_all_posteriors(densities):
    batch = densities.pairs.batch(tf.range(COUNT), EVALUATION_EPOCH, EVALUATION_EPOCH)
    parameters = densities.model.parameters(batch.corrupted)
    codes = densities.model.bottleneck.sample(parameters, batch.seeds).numpy()[:20].astype(float)
    mean, variance = parameters["mean"].numpy(), 1 / (1 + 1 / STD**2)
    of_pairs = stats.norm.logpdf(codes[:, np.newaxis], mean, np.sqrt(variance)).sum(2)
    samples = densities.aggregate(20)
    np.testing.assert_allclose(samples.log_posterior, np.diag(of_pairs), atol=1e-4)
    np.testing.assert_allclose(samples.log_prior, stats.norm.logpdf(codes).sum(1), atol=1e-4)
    np.testing.assert_allclose(samples.log_aggregate, logsumexp(of_pairs, axis=1) - np.log(COUNT), atol=1e-4)
    information, divergence = MutualInformation(images=20)(densities), AggregateKl(images=20)(densities)
    assert information + divergence == pytest.approx((samples.log_posterior - samples.log_prior).mean())
    assert 0 < information < np.log(COUNT)
