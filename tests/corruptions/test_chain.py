import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.corruptions.downscale import Downscale
from aeexp.corruptions.noise import Noise
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

SEEDS = image_seeds(0, 0, tf.range(50))
GRAY = tf.fill([50, 28, 28, 1], 0.5)
NOISE, DOWNSCALE = Noise(mean=0.0, std=0.1), Downscale(factor=2)


def test_empty_chain_is_the_identity():
    assert Chain({}).output_shape((5, 7, 3)) == (5, 7, 3)
    np.testing.assert_array_equal(Chain({})(GRAY, SEEDS), GRAY)


def test_order_matters():
    """Averaging four noisy pixels halves the standard deviation; noise added after averaging keeps its own."""
    first = Chain({"noise": NOISE, "downscale": DOWNSCALE})(GRAY, SEEDS).numpy()
    last = Chain({"downscale": DOWNSCALE, "noise": NOISE})(GRAY, SEEDS).numpy()
    assert first.shape == last.shape == (50, 14, 14, 1)
    assert first.std() == pytest.approx(0.05, rel=0.02)
    assert last.std() == pytest.approx(0.1, rel=0.02)


def test_links_draw_independently():
    """Two equal links add independent noise: the variances add up, not the standard deviations."""
    twice = Chain({"noise": NOISE, "again": NOISE})(GRAY, SEEDS).numpy()
    assert twice.std() == pytest.approx(0.1 * 2**0.5, rel=0.02)


def test_error_names_the_link_that_rejects_the_shape():
    chain = Chain({"downscale": Downscale(factor=4), "again": Downscale(factor=4)})
    with pytest.raises(ConfigError, match=r"corruption\.again: `factor` must divide.*7×7"):
        chain.output_shape((28, 28, 1))


def test_description_names_corruptions_and_settings():
    chain = Chain({"downscale": Downscale(factor=2), "noise": Noise(mean=0.0, std=0.25)})
    assert chain.description == "downscale(factor=2) + noise(mean=0, std=0.25)"
    assert Chain({}).description == "none"
