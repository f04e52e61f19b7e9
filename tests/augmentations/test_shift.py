import numpy as np
import pytest
import tensorflow as tf

from aeexp.augmentations.crop import Crop
from aeexp.augmentations.shift import Shift
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

COUNT = 5000
SEEDS = image_seeds(0, 0, tf.range(COUNT))
IMAGE = np.random.default_rng(0).uniform(0.1, 1, (6, 7, 3)).astype(np.float32)
IMAGES = tf.constant(np.repeat(IMAGE[np.newaxis], COUNT, 0))
PADDING = {"zero": "constant", "reflect": "reflect"}


@pytest.mark.parametrize("fill", PADDING)
@pytest.mark.parametrize("pixels", [1, 2, 4])
def test_is_a_window_of_the_padded_image_and_every_window_is_equally_frequent(fill, pixels):
    shifted = Shift(pixels, fill)(IMAGES, SEEDS).numpy()
    padded = np.pad(IMAGE, [(pixels, pixels), (pixels, pixels), (0, 0)], PADDING[fill])
    windows = np.lib.stride_tricks.sliding_window_view(padded, IMAGE.shape).reshape(-1, *IMAGE.shape)
    assert len(windows) == (2 * pixels + 1) ** 2
    shares = np.array([(shifted == window).all(axis=(1, 2, 3)).mean() for window in windows])
    assert shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(shares, 1 / len(windows), atol=5 * (1 / len(windows) / COUNT) ** 0.5)


@pytest.mark.parametrize("fill", PADDING)
def test_a_crop_with_padding_is_a_shift(fill):
    np.testing.assert_array_equal(Crop(2, fill)(IMAGES, SEEDS), Shift(2, fill)(IMAGES, SEEDS))


@pytest.mark.parametrize(("augmentation", "name"), [(Shift, "pixels"), (Crop, "padding")])
def test_refuses_more_than_the_image(augmentation, name):
    augmentation(5, "zero").check((6, 7, 1))
    with pytest.raises(ConfigError, match=f"Received {name}=6 for images of 6×7; use {name}=5 at most"):
        augmentation(6, "zero").check((6, 7, 1))
    with pytest.raises(ConfigError, match=f"`{name}` must be at least 1. Received {name}=0"):
        augmentation(0, "zero")
    with pytest.raises(ConfigError, match=r"must be zero or reflect. Received fill=mirror"):
        augmentation(1, "mirror")
