import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from skimage.data import astronaut

from aeexp.corruptions.jpeg import Jpeg
from aeexp.errors import ConfigError

SEEDS = tf.zeros([1, 2], tf.uint32)
PHOTO = astronaut()[100:164, 200:264]


def error(quality: int) -> float:
    image = tf.constant(PHOTO[np.newaxis] / 255, tf.float32)
    return float(tf.reduce_mean(tf.square(Jpeg(quality=quality)(image, SEEDS) - image)))


def test_lower_quality_is_worse():
    errors = [error(quality) for quality in (100, 80, 40, 10, 1)]
    assert errors == sorted(errors)
    assert 0 < errors[0] < 0.001 < errors[-1]


@pytest.mark.parametrize("quality", [5, 75])
def test_gray_images_equal_those_of_pillow(quality):
    """Both call libjpeg; color images differ slightly in chroma upsampling."""
    gray = PHOTO[..., 1]
    file = io.BytesIO()
    Image.fromarray(gray).save(file, "JPEG", quality=quality)
    expected = np.asarray(Image.open(file)) / 255
    actual = Jpeg(quality=quality)(tf.constant(gray[np.newaxis, ..., np.newaxis] / 255, tf.float32), SEEDS)
    np.testing.assert_allclose(actual[0, ..., 0], expected, atol=2.5 / 255)


@pytest.mark.parametrize("quality", [0, 101])
def test_rejects_other_qualities(quality):
    with pytest.raises(ConfigError, match=f"`quality` must be from 1 to 100. Received quality={quality}"):
        Jpeg(quality=quality)
