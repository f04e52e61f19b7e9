import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.mask import Mask
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

SEEDS = image_seeds(0, 0, tf.range(100))
IMAGES = tf.random.stateless_uniform([100, 28, 28, 3], (0, 0), minval=0.3, maxval=0.7)


@pytest.mark.parametrize("fraction", [0.0, 0.25, 1.0])
def test_fraction_of_masked_pixels(fraction):
    masked = Mask(fraction=fraction, value=0.9)(IMAGES, SEEDS).numpy() == np.float32(0.9)
    assert masked.mean() == pytest.approx(fraction, abs=0.003)
    assert masked.mean(axis=(1, 2, 3)).std() == pytest.approx((fraction * (1 - fraction) / 784) ** 0.5, rel=0.2)


def test_a_pixel_is_masked_in_all_channels_or_none():
    masked = Mask(fraction=0.5, value=0.9)(IMAGES, SEEDS).numpy() == np.float32(0.9)
    np.testing.assert_array_equal(masked.any(axis=3), masked.all(axis=3))


def test_other_pixels_are_unchanged():
    after = Mask(fraction=0.5, value=0.9)(IMAGES, SEEDS).numpy()
    spared = after != np.float32(0.9)
    np.testing.assert_array_equal(after[spared], IMAGES.numpy()[spared])


@pytest.mark.parametrize("wrong", [{"fraction": -0.1}, {"fraction": 1.1}, {"value": -1.0}, {"value": 2.0}])
def test_rejects_fractions_outside_0_to_1(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be from 0 to 1"):
        Mask(**{"fraction": 0.5, "value": 0.0, **wrong})
