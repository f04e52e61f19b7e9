"""Images given as arrays."""

import numpy as np
import pytest

from aeexp.errors import DataError
from aeexp.inference.arrays import ImageArray


@pytest.mark.parametrize("shape", [(5, 4), (5, 4, 1), (5, 4, 3), (2, 5, 4), (2, 5, 4, 1), (2, 5, 4, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_results_have_the_form_of_what_was_given(shape, dtype):
    array = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    given = ImageArray.of(array if dtype == np.uint8 else array.astype(np.float32) / 255)
    assert given.pixels.shape == ((2 if len(shape) == 4 or shape[0] == 2 else 1), 5, 4, 3 if shape[-1] == 3 else 1)
    back = given.as_given(given.pixels)
    assert back.dtype == dtype
    assert back.shape == shape
    assert np.array_equal(back if dtype == np.uint8 else np.rint(255 * back), array)


def test_gray_and_color_become_each_other():
    color = ImageArray.of(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8))
    assert np.allclose(color.with_channels(1)[0, 0, :, 0], [0.299, 0.587, 0.114])
    assert np.array_equal(ImageArray.of(np.ones((2, 4))).with_channels(3), np.ones((1, 2, 4, 3)))


@pytest.mark.parametrize(
    "array",
    [
        *(
            np.zeros(4),
            np.zeros((2, 4, 4, 2)),
            np.zeros((1, 2, 4, 4, 1)),
            np.zeros((0, 4, 4, 1)),
            np.zeros((4, 4), int),
        ),
        *(np.full((4, 4), 2.0), np.full((4, 4), -0.1), np.full((4, 4), np.nan), np.full((4, 4), "a"), np.array(1.0)),
    ],
)
def test_other_arrays_are_refused_in_one_sentence(array):
    with pytest.raises(DataError, match=r"^images must .*\.$"):
        ImageArray.of(array)
