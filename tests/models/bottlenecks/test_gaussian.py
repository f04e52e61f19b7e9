import numpy as np
import pytest
import tensorflow as tf

from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.runtime.random import image_seeds

SEEDS = image_seeds(0, 0, tf.range(20_000))


def code(mean: float, log_variance: float) -> dict[str, tf.Tensor]:
    return {"mean": tf.fill((20_000, 2), float(mean)), "log_variance": tf.fill((20_000, 2), float(log_variance))}


@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (3.0, 0.5)])
def test_samples_have_the_mean_and_std(mean, std):
    draws = Gaussian().sample(code(mean, 2 * np.log(std)), SEEDS).numpy()
    np.testing.assert_allclose(draws.mean(0), mean, atol=4 * std / np.sqrt(20_000))
    np.testing.assert_allclose(draws.std(0), std, rtol=0.02)


def test_latents_of_an_image_are_independent():
    draws = Gaussian().sample(code(0, 0), SEEDS).numpy()
    assert abs(np.corrcoef(draws.T)[0, 1]) < 0.03


def test_without_seeds_it_takes_the_mean():
    np.testing.assert_array_equal(Gaussian().sample(code(1.5, 2), None), np.full((20_000, 2), 1.5))


def test_the_gradient_reaches_both_heads():
    heads = {name: tf.Variable(value) for name, value in code(0.3, -1).items()}
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(Gaussian().sample(heads, SEEDS)))
    assert all(np.any(gradient) for gradient in tape.gradient(loss, list(heads.values())))
