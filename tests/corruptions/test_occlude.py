import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.occlude import Occlude
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

SEEDS = image_seeds(0, 0, tf.range(2000))
IMAGES = tf.fill([2000, 10, 20, 3], 0.2)


def covered(size: float) -> np.ndarray:
    """bool [N, H, W]; a pixel is covered in all channels or in none."""
    boxes = Occlude(size=size, value=0.9)(IMAGES, SEEDS).numpy() == np.float32(0.9)
    np.testing.assert_array_equal(boxes.all(axis=3), boxes.any(axis=3))
    return boxes[..., 0]


@pytest.mark.parametrize("size", [0.0, 0.3, 1.0])
def test_is_one_whole_box(size):
    boxes = covered(size)
    height, width = round(10 * size), round(20 * size)
    assert boxes.any(axis=2).sum(axis=1).tolist() == [height] * 2000
    assert boxes.any(axis=1).sum(axis=1).tolist() == [width] * 2000
    assert boxes.sum(axis=(1, 2)).tolist() == [height * width] * 2000


def test_positions_are_uniform():
    """Of the 8 rows and 15 columns where a box of 3×6 can start, each is taken equally often."""
    boxes = covered(0.3)
    tops, lefts = boxes.any(axis=2).argmax(axis=1), boxes.any(axis=1).argmax(axis=1)
    assert np.bincount(tops, minlength=8) / 2000 == pytest.approx([1 / 8] * 8, abs=0.025)
    assert np.bincount(lefts, minlength=15) / 2000 == pytest.approx([1 / 15] * 15, abs=0.025)
    assert np.corrcoef(tops, lefts)[0, 1] == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("wrong", [{"size": -0.1}, {"size": 1.1}, {"value": -1.0}, {"value": 2.0}])
def test_rejects_fractions_outside_0_to_1(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be from 0 to 1"):
        Occlude(**{"size": 0.5, "value": 0.0, **wrong})
