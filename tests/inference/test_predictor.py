"""Restoration of pictures by a network that was trained on black and white ones."""

import numpy as np
import pytest
from PIL import Image

from aeexp.corruptions.chain import Chain
from aeexp.datasets.readers.picture import Picture
from aeexp.inference.predictor import Predictor
from aeexp.models.architectures.dense import Dense
from aeexp.models.bottlenecks.deterministic import Deterministic
from tests.support.evaluations import METRICS, autoencoder

SHAPE = (16, 16, 1)
PIXELS = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)


def restored(binarization: str, pixels: np.ndarray = PIXELS[..., 0], index: int = 0):
    model = autoencoder(Dense([8]), Deterministic(), 2, SHAPE, SHAPE)
    predictor = Predictor(model, SHAPE, Chain({}), 0, "per_channel", METRICS, binarization)
    return predictor(Picture(Image.fromarray(pixels), None, None, None, (), ()), index)


@pytest.mark.parametrize("kind", ["threshold", "static", "dynamic"])
@pytest.mark.parametrize("pixels", [PIXELS[..., 0], PIXELS], ids=["gray", "color"])
def test_pictures_are_binarized_before_they_are_corrupted(kind, pixels):
    result = restored(kind, pixels)
    given, clean = np.asarray(result.given), np.asarray(result.clean)
    assert set(np.unique(given)) == {0, 255}
    np.testing.assert_array_equal(given, clean)  # as nothing corrupts them
    assert result.metrics["input_mse"] == 0


def test_the_threshold_is_that_of_data_sets():
    np.testing.assert_array_equal(np.asarray(restored("threshold").clean), 255 * (PIXELS[..., 0] >= 128))


@pytest.mark.parametrize("kind", ["static", "dynamic"])
def test_draws_have_the_gray_value_as_probability_and_are_of_the_place_of_the_picture(kind):
    quarter = np.full((16, 16), 64, np.uint8)
    drawn = np.stack([np.asarray(restored(kind, quarter, index).clean) for index in range(3)]) / 255
    assert drawn.mean() == pytest.approx(64 / 255, abs=4 * (0.25 * 0.75 / drawn.size) ** 0.5)
    assert (drawn[0] != drawn[1]).any()
    np.testing.assert_array_equal(drawn[0], np.asarray(restored(kind, quarter).clean) / 255)


def test_other_networks_are_given_gray_values():
    np.testing.assert_array_equal(np.asarray(restored("none").given), PIXELS[..., 0])
