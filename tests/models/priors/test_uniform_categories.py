"""Facts about the uniform prior of categories; its divergence stands with the categorical codes."""

import numpy as np
import tensorflow as tf

from aeexp.models.priors.uniform_categories import UniformCategories
from aeexp.runtime.random import image_seeds


def test_samples_are_categories_equally_often():
    samples = UniformCategories().sample(image_seeds(0, 0, tf.range(20_000)), (2, 4)).numpy()
    np.testing.assert_array_equal(samples.sum(-1), 1)
    np.testing.assert_allclose(samples.mean(0), 0.25, atol=0.015)


def test_each_part_costs_the_logarithm_of_the_categories():
    codes = tf.one_hot([[0, 3], [1, 1]], 4)
    np.testing.assert_allclose(UniformCategories().log_prob(codes), [-2 * np.log(4)] * 2, rtol=1e-6)
