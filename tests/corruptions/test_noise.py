import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.noise import Noise
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

SEEDS = image_seeds(0, 0, tf.range(100))
GRAY = tf.fill([100, 28, 28, 1], 0.5)


def test_mean_and_std():
    noisy = Noise(mean=0.1, std=0.05)(GRAY, SEEDS).numpy()
    assert noisy.mean() == pytest.approx(0.6, abs=0.001)
    assert noisy.std() == pytest.approx(0.05, abs=0.001)


def test_fraction_that_is_clipped():
    """A pixel is clipped at 1 if its noise exceeds one std: 15.87 % of N(0, 1)."""
    noisy = Noise(mean=0.0, std=0.5)(GRAY, SEEDS).numpy()
    assert (noisy == 1.0).mean() == pytest.approx(0.1587, abs=0.005)
    assert (noisy == 0.0).mean() == pytest.approx(0.1587, abs=0.005)


def test_without_noise_nothing_changes():
    np.testing.assert_array_equal(Noise(mean=0.0, std=0.0)(GRAY, SEEDS), GRAY)


@pytest.mark.parametrize("std", [-0.1, float("inf")])
def test_rejects_an_invalid_std(std):
    with pytest.raises(ConfigError, match=f"`std`.*Received std={std}"):
        Noise(mean=0.0, std=std)
