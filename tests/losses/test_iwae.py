"""The importance-weighted bound and its two gradients, against a linear Gaussian model whose formulas are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import special, stats

from aeexp.errors import ConfigError
from aeexp.losses.bce import Bce
from aeexp.losses.iwae import Iwae
from aeexp.losses.mse import Mse
from aeexp.losses.objective import Objective
from aeexp.models.architectures.dense import Dense
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.learned_numbers import LearnedNumbers
from aeexp.models.priors.standard_normal import StandardNormal
from aeexp.runtime.random import image_seeds

RANDOM = np.random.default_rng(0)
A, B, LOG_STD = np.array([0.8, -0.5, 1.1, 0.3]), np.array([0.1, 0.2, 0.0, -0.3]), -0.4
"""p(x|z) = N(A·z + B, σ²) of images of four pixels, with z from N(0, 1)."""

WEIGHTS = ("log_variance", "log_variance_bias", "mean", "mean_bias", "decoder", "decoder_bias", "log_std")

MARGINAL = stats.multivariate_normal(B, np.outer(A, A) + np.exp(2 * LOG_STD) * np.eye(4))
PRECISION = 1 + A @ A * np.exp(-2 * LOG_STD)
"""Of the true posterior p(z|x)."""


def iwae(samples: int, gradient: str = "reparameterized", likelihood: str = "gaussian") -> Iwae:
    return Iwae(weight=1.0, samples=samples, likelihood=likelihood, gradient=gradient)


def linear_model(posterior: str) -> Autoencoder:
    """The model of the constants, with an encoder that gives the true posterior or another one."""
    network, bottleneck = Dense([], output_activation="linear"), Gaussian()
    body = network.encoder((2, 2, 1))
    encoder = keras.Model(body.inputs, bottleneck.parameters(body.outputs[0], 1))
    decoder = network.decoder((1,), (2, 2, 1))
    model = Autoencoder(encoder, bottleneck, decoder, StandardNormal(), LearnedNumbers({"log_std": LOG_STD}))
    gain = A * np.exp(-2 * LOG_STD) / PRECISION
    log_variance = -np.log(PRECISION)
    if posterior == "another":
        gain, log_variance = gain + 0.3, log_variance + 0.7
    encoder.get_layer("mean").set_weights([gain[:, None], np.array([-gain @ B])])
    encoder.get_layer("log_variance").set_weights([np.zeros((4, 1)), np.array([log_variance])])
    decoder.set_weights([A[None], B])
    return model


def outputs_and_gradients(model: Autoencoder, images: np.ndarray, loss: Iwae):
    """What the model draws, the bound of each image, and the gradients by its weights summed over the images."""
    with tf.GradientTape() as tape:
        outputs = model.draw(tf.constant(images), image_seeds(3, 1, tf.range(len(images))), loss.samples)
        values = loss(tf.constant(images), outputs)
        total = tf.reduce_sum(values)
    gradients = tape.gradient(total, model.trainable_variables)
    named = {name: gradient.numpy() for name, gradient in zip(WEIGHTS, gradients, strict=True)}
    return {name: each.numpy() for name, each in outputs.items()}, values.numpy(), named


def images(count: int) -> np.ndarray:
    return MARGINAL.rvs(count, np.random.default_rng(1)).reshape(count, 2, 2, 1).astype(np.float32)


@pytest.mark.parametrize("samples", [1, 4])
def test_with_the_true_posterior_the_bound_is_the_likelihood(samples):
    batch = images(6)
    _, values, _ = outputs_and_gradients(linear_model("true"), batch, iwae(samples))
    np.testing.assert_allclose(-values, MARGINAL.logpdf(batch.reshape(6, 4)), rtol=1e-4, atol=1e-4)


def test_more_samples_come_nearer_to_the_likelihood_from_below():
    batch = images(4000)
    likelihood = MARGINAL.logpdf(batch.reshape(-1, 4)).mean()
    bounds = [-outputs_and_gradients(linear_model("another"), batch, iwae(k))[1].mean() for k in (1, 5, 500)]
    assert bounds[0] < bounds[1] < bounds[2] + 0.02 < likelihood + 0.04
    assert bounds[2] == pytest.approx(likelihood, abs=0.02)


@pytest.mark.parametrize("gradient", ["reparameterized", "dreg"])
def test_value_is_the_mean_of_the_weights(gradient):
    batch = images(3)
    drawn, values, _ = outputs_and_gradients(linear_model("another"), batch, iwae(5, gradient))
    log_likelihoods = stats.norm.logpdf(batch[:, None], drawn["reconstructions"], np.exp(LOG_STD)).sum((2, 3, 4))
    z, mean, std = drawn["latents"][..., 0], drawn["mean"], np.exp(drawn["log_variance"] / 2)
    log_weights = log_likelihoods + stats.norm.logpdf(z) - stats.norm.logpdf(z, mean, std)
    np.testing.assert_allclose(-values, special.logsumexp(log_weights, 1) - np.log(5), rtol=1e-4, atol=1e-4)


def test_one_sample_is_the_elbo_with_the_divergence_from_that_sample():
    drawn = {
        "reconstructions": tf.constant(RANDOM.uniform(0.1, 0.9, (3, 1, 2, 2, 1)), tf.float32),
        "log_prior": tf.constant(RANDOM.normal(size=(3, 1)), tf.float32),
        "log_posterior": tf.constant(RANDOM.normal(size=(3, 1)), tf.float32),
    }
    targets = tf.constant(RANDOM.random((3, 2, 2, 1)), tf.float32)
    divergence = (drawn["log_posterior"] - drawn["log_prior"])[:, 0]
    reconstruction = Bce(weight=1.0)(targets, {"reconstruction": drawn["reconstructions"][:, 0]})
    np.testing.assert_allclose(iwae(1, likelihood="bernoulli")(targets, drawn), reconstruction + divergence, rtol=1e-5)


def paths(drawn: dict[str, np.ndarray], batch: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each code [N, K]: its normalized weight, d log w / dz with the parameters of q held, and ε."""
    z, mean, std = drawn["latents"][..., 0], drawn["mean"], np.exp(drawn["log_variance"] / 2)
    residuals = batch.reshape(-1, 1, 4) - z[..., None] * A - B
    log_weights = (
        stats.norm.logpdf(residuals, 0, np.exp(LOG_STD)).sum(2) + stats.norm.logpdf(z) - stats.norm.logpdf(z, mean, std)
    )
    slopes = residuals @ A * np.exp(-2 * LOG_STD) - z + (z - mean) / std**2
    return special.softmax(log_weights, 1), slopes, (z - mean) / std


def test_dreg_weights_each_path_by_the_square():
    batch = images(7)
    drawn, _, gradients = outputs_and_gradients(linear_model("another"), batch, iwae(5, "dreg"))
    weights, slopes, epsilon = paths(drawn, batch)
    by_mean = -(weights**2 * slopes).sum(1)  # dz/dμ = 1
    by_log_variance = -(weights**2 * slopes * epsilon).sum(1) * np.exp(drawn["log_variance"][:, 0] / 2) / 2
    np.testing.assert_allclose(gradients["mean_bias"], [by_mean.sum()], rtol=1e-3)
    np.testing.assert_allclose(gradients["mean"][:, 0], by_mean @ batch.reshape(-1, 4), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(gradients["log_variance_bias"], [by_log_variance.sum()], rtol=1e-3)


def test_the_gradient_of_the_decoder_has_the_plain_weights():
    batch = images(7)
    drawn, _, dreg = outputs_and_gradients(linear_model("another"), batch, iwae(5, "dreg"))
    _, _, plain = outputs_and_gradients(linear_model("another"), batch, iwae(5))
    weights, *_ = paths(drawn, batch)
    residuals = batch.reshape(-1, 1, 4) - drawn["latents"] * A - B
    expected = -(weights[..., None] * residuals).sum((0, 1)) * np.exp(-2 * LOG_STD)
    np.testing.assert_allclose(dreg["decoder_bias"], expected, rtol=1e-3)
    for name in ("decoder", "decoder_bias", "log_std"):
        np.testing.assert_allclose(dreg[name], plain[name], rtol=1e-4, atol=1e-4)


def test_both_gradients_are_the_same_on_average():
    batch = np.repeat(images(1), 40_000, 0)
    model = linear_model("another")
    dreg, plain = (outputs_and_gradients(model, batch, iwae(3, name))[2] for name in ("dreg", "reparameterized"))
    for name in ("mean_bias", "log_variance_bias"):
        np.testing.assert_allclose(dreg[name] / len(batch), plain[name] / len(batch), atol=0.02)


def test_at_the_true_posterior_dreg_has_no_noise():
    batch = images(1)
    model = linear_model("true")
    dreg, plain = (outputs_and_gradients(model, batch, iwae(4, name))[2] for name in ("dreg", "reparameterized"))
    assert abs(dreg["mean_bias"][0]) < 1e-4 < 0.01 < abs(plain["mean_bias"][0])


def test_dreg_refuses_other_terms_of_the_decoded_codes():
    objective = Objective({"iwae": iwae(5, "dreg"), "mse": Mse(weight=1.0)})
    available = {*iwae(5, "dreg").needs, "reconstruction"}
    with pytest.raises(ConfigError, match=r"loss\.iwae: gradient=dreg would scale the gradients of mse too; use"):
        objective.check(available)


@pytest.mark.parametrize(
    ("field", "value"), [("samples", 0), ("samples", -3), ("likelihood", "poisson"), ("gradient", "reinforce")]
)
def test_refuses_what_cannot_be(field, value):
    fields = {"weight": 1.0, "samples": 5, "likelihood": "bernoulli", "gradient": "dreg", field: value}
    with pytest.raises(ConfigError, match=rf"`{field}` must be .* Received {field}={value}\."):
        Iwae(**fields)
