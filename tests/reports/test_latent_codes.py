import numpy as np
import pytest

from aeexp.reports.latent_codes import as_image


def test_the_lecture_lays_out_4_by_4_by_8_as_16_by_8():
    code = np.arange(128).reshape(4, 4, 8)
    assert as_image(code).shape == (16, 8)
    np.testing.assert_array_equal(as_image(code)[5], code[1, 1])


@pytest.mark.parametrize(("size", "shape"), [(1, (1, 1)), (2, (2, 1)), (12, (4, 3)), (13, (13, 1)), (64, (8, 8))])
def test_a_vector_becomes_as_square_as_it_can(size, shape):
    image = as_image(np.arange(size))
    assert image.shape == shape
    assert sorted(image.ravel()) == list(range(size))
