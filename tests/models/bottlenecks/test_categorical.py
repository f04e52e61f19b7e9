"""Categorical codes: draws, relaxations and temperatures against figures worked out by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.categorical import Categorical
from aeexp.models.priors.uniform_categories import UniformCategories
from aeexp.runtime.random import image_seeds

COUNT = 20_000
SEEDS = image_seeds(0, 0, tf.range(COUNT))
PARTS = np.array([[0.5, 0.3, 0.2], [0.05, 0.05, 0.9]])
SETTINGS = {"categories": 3, "temperature": 1.0, "min_temperature": 0.5, "rate": 0.1, "hard": False}


def bottleneck(**settings: float) -> Categorical:
    built = Categorical(**{**SETTINGS, **settings})
    built.parameters(keras.Input((4,)), 2)
    return built


def code(count: int = COUNT) -> dict[str, tf.Tensor]:
    logits = np.tile(np.log(PARTS) + np.array([[7], [-2]]), (count, 1, 1))  # a constant does not matter
    return {"logits": tf.constant(logits, tf.float32), "mode": tf.one_hot(tf.argmax(logits, -1), 3)}


def test_draws_have_the_probabilities_of_the_logits():
    draws = bottleneck().sample(code(), SEEDS).numpy()
    assert set(np.unique(draws)) == {0, 1}
    np.testing.assert_array_equal(draws.sum(-1), 1)
    np.testing.assert_allclose(draws.mean(0), PARTS, atol=4 * 0.5 / np.sqrt(COUNT))
    np.testing.assert_array_equal(bottleneck().counts(draws), draws.sum(0))


def test_without_seeds_it_takes_the_most_likely_category():
    np.testing.assert_array_equal(bottleneck().sample(code(1), None), [[[1, 0, 0], [0, 0, 1]]])


def test_a_relaxed_draw_has_its_largest_number_where_the_exact_one_is():
    exact, relaxed = bottleneck().sample(code(), SEEDS), bottleneck().training_sample(code(), SEEDS)
    np.testing.assert_array_equal(tf.argmax(relaxed, -1), tf.argmax(exact, -1))
    np.testing.assert_allclose(tf.reduce_sum(relaxed, -1), 1, rtol=1e-5)
    cold = bottleneck(temperature=0.01, min_temperature=0.01).training_sample(code(), SEEDS)
    assert np.mean(np.abs(cold - exact)) < 0.01 < np.mean(np.abs(relaxed - exact))


def test_hard_codes_have_the_gradient_of_relaxed_ones():
    logits, weights = code(5)["logits"], tf.constant([1.0, 2.0, 4.0])
    gradients = []
    for hard in (False, True):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            drawn = bottleneck(hard=hard).training_sample({"logits": logits}, SEEDS[:5])
            value = tf.reduce_sum(weights * drawn)
        gradients.append(tape.gradient(value, logits))
    np.testing.assert_allclose(drawn, bottleneck().sample({"logits": logits}, SEEDS[:5]), atol=1e-6)
    np.testing.assert_allclose(*gradients, atol=1e-6)
    assert np.all(gradients[0] != 0)


def test_the_temperature_falls_with_the_training_steps():
    """exp(−0.1·t), and not below one half, which exp(−0.7) is just below."""
    built, found = bottleneck(), []
    for _ in range(9):
        found.append(float(built.current_temperature()))
        built.update(built.statistics({}, tf.ones(3)))
    np.testing.assert_allclose(found, [*np.exp(-0.1 * np.arange(7)), 0.5, 0.5], rtol=1e-6)
    assert [weight.name for weight in built.non_trainable_weights] == ["steps"]


def test_density_of_a_draw():
    latent = tf.constant([[[0, 1, 0], [0, 0, 1]]], tf.float32)
    assert float(bottleneck().log_prob(code(1), latent)[0]) == pytest.approx(np.log(0.3 * 0.9), rel=1e-5)


def test_divergence_from_the_uniform_prior_in_closed_form_and_by_sampling():
    """Σ π·log(3·π) of each part; the mean of log q − log p over draws comes near their sum."""
    expected = (PARTS * np.log(3 * PARTS)).sum(1)
    prior, parameters = UniformCategories(), code()
    np.testing.assert_allclose(prior.kl_per_dimension(code(1)), [expected], rtol=1e-5)
    latent = bottleneck().sample(parameters, SEEDS)
    log_posterior = bottleneck().log_prob(parameters, latent)
    np.testing.assert_allclose(prior.kl(parameters, latent, log_posterior)[:1], [expected.sum()], rtol=1e-5)
    estimate = float(tf.reduce_mean(log_posterior - prior.log_prob(latent)))
    assert estimate == pytest.approx(expected.sum(), abs=0.03)


def test_probabilities_of_zero_do_not_matter():
    certain = {"logits": tf.constant([[[0.0, -1e4, -1e4]]])}
    np.testing.assert_allclose(UniformCategories().kl_per_dimension(certain), [[np.log(3)]], rtol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"categories": 1}, r"`categories` must be at least 2\. Received categories=1"),
        ({"temperature": 0.0}, r"`temperature` must be above 0\. Received temperature=0\.0"),
        ({"temperature": float("nan")}, r"`temperature` must be above 0\. Received temperature=nan"),
        ({"min_temperature": 2.0}, r"`min_temperature` must be above 0 and at most .* 1\.0\. Received .*=2\.0"),
        ({"min_temperature": 0.0}, r"`min_temperature` must be above 0 .* Received min_temperature=0\.0"),
        ({"rate": -1e-3}, r"`rate` must be at least 0\. Received rate=-0\.001"),
    ],
)
def test_what_is_refused(wrong, said):
    with pytest.raises(ConfigError, match=said):
        Categorical(**{**SETTINGS, **wrong})
