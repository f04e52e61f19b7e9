"""Images of a linear decoder, which leave [0, 1], as arrays and as pictures."""

import numpy as np
import pytest
from PIL import Image

from aeexp.corruptions.chain import Chain
from aeexp.datasets.readers.picture import Picture
from aeexp.inference.codec import Codec
from aeexp.inference.predictor import Predictor
from aeexp.models.bottlenecks.gaussian import Gaussian
from tests.support.evaluations import LINEAR, METRICS, autoencoder, evaluation

SHAPE = (16, 16, 1)
RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.random((3, *SHAPE)).astype(np.float32)
CODES = RANDOM.normal(0, 5, (4, 2)).astype(np.float32)


@pytest.fixture(scope="module")
def model():
    return autoencoder(LINEAR, Gaussian(), 2, SHAPE, SHAPE)


def test_arrays_are_clipped_to_black_and_white(model):
    codec, raw = Codec(model), model.decoder(CODES).numpy()
    assert raw.min() < 0
    assert raw.max() > 1
    np.testing.assert_allclose(codec.decode(CODES), np.clip(raw, 0, 1), atol=1e-6)
    for images in (codec.reconstruct(IMAGES), codec.restore(IMAGES)):
        assert images.min() == 0
        assert images.max() <= 1


def test_pictures_do_not_wrap_around(model):
    pixels = np.rint(255 * IMAGES[0, :, :, 0]).astype(np.uint8)
    predictor = Predictor(model, SHAPE, Chain({}), 0, "per_channel", METRICS, "none")
    restoration = predictor(Picture(Image.fromarray(pixels), None, None, None, (), ()), 0)
    shown = np.concatenate(list(restoration.bands))[:, :, 0]
    raw = model(pixels[np.newaxis, :, :, np.newaxis] / np.float32(255))["reconstruction"].numpy()[0, :, :, 0]
    assert raw.min() < -0.01
    assert (shown[raw < 0] == 0).all()


def test_reports_decode_to_black_and_white():
    result = evaluation("names of files")
    assert result.outputs["reconstruction"].min() < 0
    decoded = result.decode(10 * result.codes)
    assert (decoded.min(), decoded.max()) == (0, 1)
