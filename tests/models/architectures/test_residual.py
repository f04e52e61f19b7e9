import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.architectures.residual import Residual

SMALL = Residual(filters=4, blocks=1)


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_untrained_it_equals_bicubic_interpolation(scale):
    images = np.random.default_rng(0).random((2, 8, 6, 3), np.float32)
    encoder = SMALL.encoder((8, 6, 3))
    decoder = SMALL.decoder(encoder.output.shape[1:], (8 * scale, 6 * scale, 3))
    bicubic = np.clip(tf.image.resize(images, (8 * scale, 6 * scale), "bicubic"), 0, 1)
    np.testing.assert_allclose(decoder(encoder(images)), bicubic, atol=1e-5)


def test_the_recipe_has_about_80_000_weights():
    residual = Residual(filters=32, blocks=4)
    encoder = residual.encoder((16, 16, 3))
    decoder = residual.decoder(encoder.output.shape[1:], (32, 32, 3))
    assert encoder.count_params() == (27 + 1) * 32 + 8 * (288 + 1) * 32
    assert decoder.count_params() == (288 + 1) * 12
    assert 75_000 < encoder.count_params() + decoder.count_params() < 85_000


@pytest.mark.parametrize("code_shape", [(8, 8, 7), (3, 3, 7), (6, 3, 7)])
def test_rejects_scales_that_are_not_integers(code_shape):
    with pytest.raises(ConfigError, match="integer multiple of the input size"):
        SMALL.decoder(code_shape, (6, 8, 3))
