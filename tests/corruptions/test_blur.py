import numpy as np
import pytest
import tensorflow as tf
from skimage.filters import gaussian

from aeexp.corruptions.blur import Blur
from aeexp.errors import ConfigError

SEEDS = tf.zeros([3, 2], tf.uint32)


@pytest.mark.parametrize("std", [0.0, 0.3, 1.0, 2.5, 10.0])
@pytest.mark.parametrize("shape", [(28, 28, 1), (7, 9, 3)])
def test_equals_scikit_image(std, shape):
    images = np.random.default_rng(0).random((3, *shape), np.float32)
    expected = [gaussian(image, std, channel_axis=-1) for image in images]
    np.testing.assert_allclose(Blur(std=std)(tf.constant(images), SEEDS), expected, atol=1e-6)


def test_a_point_becomes_the_kernel():
    """Half the height of the peak lies 1.177 standard deviations away; the variance along a side is std²."""
    point = np.zeros((1, 61, 61, 1), np.float32)
    point[0, 30, 30, 0] = 1.0
    profile = Blur(std=5.0)(tf.constant(point), SEEDS[:1]).numpy()[0, :, :, 0].sum(axis=0)
    assert profile.sum() == pytest.approx(1.0, abs=1e-5)
    assert np.sqrt(profile @ (np.arange(61) - 30.0) ** 2) == pytest.approx(5.0, rel=0.002)
    assert np.interp(30 + 1.1774 * 5, np.arange(61), profile) == pytest.approx(profile.max() / 2, rel=0.01)


@pytest.mark.parametrize("std", [-1.0, float("inf")])
def test_rejects_an_invalid_std(std):
    with pytest.raises(ConfigError, match=f"`std`.*Received std={std}"):
        Blur(std=std)


def test_a_kernel_far_longer_than_the_image_is_refused():
    assert Blur(std=280.0).output_shape((28, 20, 1)) == (28, 20, 1)
    with pytest.raises(ConfigError, match=r"at most 10 times the longer side.*280 pixels. Received std=100000"):
        Blur(std=1e5).output_shape((28, 20, 1))
