"""Facts about the flow prior: its inverse, its Jacobian, its density, and what it refuses."""

import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.priors.real_nvp import RealNvp
from aeexp.models.priors.standard_normal import StandardNormal
from aeexp.runtime.random import image_seeds

CODES = np.random.default_rng(1).normal(0, 1.5, (200, 5)).astype(np.float32)


def flow(size: int, spread: float = 0.3) -> RealNvp:
    """Far from the identity."""
    prior = RealNvp(couplings=4, units=[8])
    prior.build((size,))
    random = np.random.default_rng(0)
    prior.set_weights([random.normal(0, spread, each.shape) for each in prior.get_weights()])
    return prior


def test_the_inverse_gives_the_codes_again():
    prior = flow(5)
    noise, _ = prior.to_noise(CODES)
    assert np.abs(noise - CODES).max() > 0.5
    np.testing.assert_allclose(prior.from_noise(noise), CODES, atol=1e-5)


def test_the_determinant_is_that_of_the_jacobian():
    prior, codes = flow(5), tf.constant(CODES[:20])
    with tf.GradientTape() as tape:
        tape.watch(codes)
        noise, log_determinant = prior.to_noise(codes)
    signs, expected = np.linalg.slogdet(tape.batch_jacobian(noise, codes))
    assert (signs == 1).all()
    np.testing.assert_allclose(log_determinant, expected, atol=1e-5)


def test_the_density_adds_up_to_one():
    axis = np.linspace(-12, 12, 481, dtype=np.float32)
    plane = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    density = np.exp(flow(2, 0.6).log_prob(plane))
    assert density.sum() * (axis[1] - axis[0]) ** 2 == pytest.approx(1, abs=1e-3)


def test_samples_follow_the_density():
    prior = flow(2, 0.6)
    samples = prior.sample(image_seeds(0, 0, tf.range(40_000)), (2,)).numpy()
    axis = np.linspace(-12, 12, 481, dtype=np.float32)
    plane = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    weights = np.exp(prior.log_prob(plane))
    mean = np.average(plane, axis=0, weights=weights)
    np.testing.assert_allclose(samples.mean(0), mean, atol=0.03)
    np.testing.assert_allclose(samples.var(0), np.average((plane - mean) ** 2, axis=0, weights=weights), rtol=0.05)


def test_begins_as_the_standard_normal_prior():
    prior = RealNvp(couplings=2, units=[8])
    prior.build((5,))
    np.testing.assert_allclose(prior.log_prob(CODES), StandardNormal().log_prob(tf.constant(CODES)), rtol=1e-6)


def test_every_weight_is_learned():
    prior = flow(5)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(prior.log_prob(tf.constant(CODES)))
    assert all(np.any(each) for each in tape.gradient(loss, prior.trainable_variables))


@pytest.mark.parametrize(
    ("settings", "named"), [((1, [8]), "couplings=1"), ((2, []), r"units=\[\]"), ((2, [8, 0]), r"units=\[8, 0\]")]
)
def test_refuses(settings, named):
    with pytest.raises(ConfigError, match=named):
        RealNvp(*settings)


def test_refuses_codes_of_one_number():
    with pytest.raises(ConfigError, match="latent_dim=1"):
        RealNvp(2, [8]).build((1,))
