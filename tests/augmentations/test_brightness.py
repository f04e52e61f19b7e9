import numpy as np
import pytest
import tensorflow as tf

from aeexp.augmentations.brightness import Brightness
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

COUNT = 4000
SEEDS = image_seeds(0, 0, tf.range(COUNT))
IMAGE = np.random.default_rng(0).uniform(0.45, 0.55, (8, 8, 3)).astype(np.float32)
IMAGES = tf.constant(np.repeat(IMAGE[np.newaxis], COUNT, 0))


def test_brightness_is_added_to_all_pixels_alike_with_the_spread_of_a_uniform_draw():
    added = Brightness(delta=0.3, contrast=0.0)(IMAGES, SEEDS).numpy() - IMAGE
    np.testing.assert_allclose(added.std(axis=(1, 2, 3)), 0, atol=1e-6)
    amounts = added.mean(axis=(1, 2, 3))
    assert np.abs(amounts).max() <= 0.3 + 1e-6
    assert amounts.mean() == pytest.approx(0, abs=4 * 0.3 / (3 * COUNT) ** 0.5)
    assert amounts.std() == pytest.approx(0.3 / 3**0.5, rel=0.05)


def test_contrast_keeps_the_mean_of_each_channel_and_scales_what_differs_from_it():
    changed = Brightness(delta=0.0, contrast=0.5)(IMAGES, SEEDS).numpy()
    mean = IMAGE.mean(axis=(0, 1))
    np.testing.assert_allclose(changed.mean(axis=(1, 2)), np.tile(mean, (COUNT, 1)), atol=1e-5)
    factors = (changed - mean).std(axis=(1, 2, 3)) / (IMAGE - mean).std()
    assert 0.5 <= factors.min() < 0.55
    assert 1.45 < factors.max() <= 1.5 + 1e-4
    assert factors.mean() == pytest.approx(1, abs=4 * 0.5 / (3 * COUNT) ** 0.5)


@pytest.mark.parametrize("wrong", [{"delta": -0.1}, {"delta": 1.1}, {"contrast": 2.0}])
def test_refuses_fractions_outside_0_to_1(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be from 0 to 1"):
        Brightness(**{"delta": 0.1, "contrast": 0.1, **wrong})
