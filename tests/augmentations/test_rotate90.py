import numpy as np
import pytest
import tensorflow as tf

from aeexp.augmentations.rotate90 import Rotate90
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

COUNT = 2000


def test_every_quarter_turn_is_equally_frequent():
    image = np.random.default_rng(0).random((5, 5, 3), np.float32)
    rotated = Rotate90()(tf.constant(np.repeat(image[np.newaxis], COUNT, 0)), image_seeds(0, 0, tf.range(COUNT)))
    shares = [(rotated.numpy() == np.rot90(image, turns)).all(axis=(1, 2, 3)).mean() for turns in range(4)]
    assert sum(shares) == pytest.approx(1)
    assert shares == pytest.approx([1 / 4] * 4, abs=4 * (3 / 16 / COUNT) ** 0.5)


def test_refuses_images_that_are_not_square():
    with pytest.raises(ConfigError, match=r"square images. Received 12×14; .* 12×12"):
        Rotate90().check((12, 14, 1))
