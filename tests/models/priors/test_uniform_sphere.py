"""Facts about the uniform prior on the sphere; its divergence stands with the von Mises-Fisher codes."""

import numpy as np
import tensorflow as tf

from aeexp.models.priors.uniform_sphere import UniformSphere
from aeexp.runtime.random import image_seeds


def test_samples_lie_everywhere_on_the_sphere():
    """The covariance of a uniform point of m numbers is that of 1/m in each direction."""
    samples = UniformSphere().sample(image_seeds(0, 0, tf.range(20_000)), (4,)).numpy()
    np.testing.assert_allclose(np.linalg.norm(samples, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(samples.mean(0), 0, atol=0.02)
    np.testing.assert_allclose(np.cov(samples.T), np.eye(4) / 4, atol=0.01)


def test_density_is_one_over_the_area():
    points = tf.constant([[1.0, 0, 0], [0, 0.6, 0.8], [2.0, 0, 0]])
    np.testing.assert_allclose(UniformSphere().log_prob(points), [-np.log(4 * np.pi)] * 2 + [-np.inf], rtol=1e-6)
