import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.corruptions.downscale import Downscale
from aeexp.corruptions.noise import Noise
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

SEEDS = image_seeds(0, 0, tf.range(50))
GREY = tf.fill([50, 28, 28, 1], 0.5)
NOISE, DOWNSCALE = Noise(mean=0.0, std=0.1), Downscale(factor=2)


def test_empty_leaves_images_alone():
    assert Chain({}).output_shape((5, 7, 3)) == (5, 7, 3)
    np.testing.assert_array_equal(Chain({})(GREY, SEEDS), GREY)


def test_order_matters():
    """Averaging four pixels after the noise halves its spread; before it, the spread stays."""
    first = Chain({"noise": NOISE, "downscale": DOWNSCALE})(GREY, SEEDS).numpy()
    last = Chain({"downscale": DOWNSCALE, "noise": NOISE})(GREY, SEEDS).numpy()
    assert first.shape == last.shape == (50, 14, 14, 1)
    assert first.std() == pytest.approx(0.05, rel=0.02)
    assert last.std() == pytest.approx(0.1, rel=0.02)


def test_links_draw_apart():
    """Two equal links add independent noise: the variances add up, not the spreads."""
    twice = Chain({"noise": NOISE, "again": NOISE})(GREY, SEEDS).numpy()
    assert twice.std() == pytest.approx(0.1 * 2**0.5, rel=0.02)


def test_names_the_link_that_refuses_the_shape():
    chain = Chain({"downscale": Downscale(factor=4), "again": Downscale(factor=4)})
    with pytest.raises(ConfigError, match=r"corruption\.again: `factor` must divide.*7×7"):
        chain.output_shape((28, 28, 1))
