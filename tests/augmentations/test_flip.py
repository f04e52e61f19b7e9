import numpy as np
import pytest
import tensorflow as tf

from aeexp.augmentations.flip import Flip
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

COUNT = 2000
IMAGE = np.arange(6, dtype=np.float32).reshape(1, 2, 3, 1) / 6
SEEDS = image_seeds(0, 0, tf.range(COUNT))
SEEN = {
    (True, False): [IMAGE, IMAGE[:, :, ::-1]],
    (False, True): [IMAGE, IMAGE[:, ::-1]],
    (True, True): [IMAGE, IMAGE[:, :, ::-1], IMAGE[:, ::-1], IMAGE[:, ::-1, ::-1]],
}


@pytest.mark.parametrize(("horizontal", "vertical"), SEEN)
def test_every_mirror_image_is_equally_frequent(horizontal, vertical):
    flipped = Flip(horizontal, vertical)(tf.repeat(tf.constant(IMAGE), COUNT, axis=0), SEEDS).numpy()
    expected = SEEN[horizontal, vertical]
    shares = [(flipped == image).all(axis=(1, 2, 3)).mean() for image in expected]
    assert sum(shares) == pytest.approx(1)
    deviation = ((1 - 1 / len(shares)) / len(shares) / COUNT) ** 0.5
    assert shares == pytest.approx([1 / len(shares)] * len(shares), abs=4 * deviation)


def test_refuses_neither_direction():
    with pytest.raises(ConfigError, match="must be true"):
        Flip(horizontal=False, vertical=False)
