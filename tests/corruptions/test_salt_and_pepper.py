import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.salt_and_pepper import SaltAndPepper
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

SEEDS = image_seeds(0, 0, tf.range(100))
GRAY = tf.fill([100, 28, 28, 3], 0.4)


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.6, 1.0])
def test_half_salt_half_pepper(fraction):
    specked = SaltAndPepper(fraction=fraction)(GRAY, SEEDS).numpy()
    assert (specked == 1.0).mean() == pytest.approx(fraction / 2, abs=0.003)
    assert (specked == 0.0).mean() == pytest.approx(fraction / 2, abs=0.003)
    assert (specked == np.float32(0.4)).mean() == pytest.approx(1 - fraction, abs=0.003)


def test_channels_are_drawn_independently():
    """All three channels of a pixel are unchanged with probability 0.5³."""
    spared = SaltAndPepper(fraction=0.5)(GRAY, SEEDS).numpy() == np.float32(0.4)
    assert spared.all(axis=3).mean() == pytest.approx(0.5**3, abs=0.005)


@pytest.mark.parametrize("fraction", [-0.1, 1.1])
def test_rejects_fractions_outside_0_to_1(fraction):
    with pytest.raises(ConfigError, match=f"`fraction` must be from 0 to 1. Received fraction={fraction}"):
        SaltAndPepper(fraction=fraction)
