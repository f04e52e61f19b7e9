import pytest
import tensorflow as tf

from aeexp.corruptions.downscale import Downscale
from aeexp.errors import ConfigError

NO_SEEDS = tf.zeros([1, 2], tf.uint32)


def test_average_by_hand():
    image = tf.constant([[0.0, 0.2, 1.0, 1.0], [0.4, 0.6, 0.0, 0.0]])[tf.newaxis, :, :, tf.newaxis]
    small = Downscale(factor=2)(image, NO_SEEDS)
    assert small.shape == (1, 1, 2, 1)
    assert small.numpy().ravel().tolist() == pytest.approx([0.3, 0.5])


def test_channels_do_not_mix():
    image = tf.constant([[[[0.0, 1.0, 0.5], [1.0, 1.0, 0.5]], [[0.0, 1.0, 0.5], [0.0, 1.0, 0.5]]]])
    assert Downscale(factor=2)(image, NO_SEEDS).numpy().ravel().tolist() == [0.25, 1.0, 0.5]


def test_factor_one_changes_nothing():
    image = tf.random.stateless_uniform([1, 5, 3, 1], (0, 0))
    assert tf.reduce_all(Downscale(factor=1)(image, NO_SEEDS) == image)


@pytest.mark.parametrize(("factor", "shape"), [(3, (28, 28, 1)), (2, (28, 27, 1)), (64, (32, 32, 3))])
def test_error_names_the_factors_that_divide(factor, shape):
    with pytest.raises(ConfigError, match=f"factor={factor} for images of {shape[0]}×{shape[1]}; use") as caught:
        Downscale(factor=factor).output_shape(shape)
    for choice in str(caught.value).rpartition("use ")[2].rstrip(".").split(", "):
        assert not shape[0] % int(choice)
        assert not shape[1] % int(choice)


@pytest.mark.parametrize("factor", [0, -2])
def test_rejects_a_factor_below_one(factor):
    with pytest.raises(ConfigError, match=f"factor={factor}"):
        Downscale(factor=factor)
