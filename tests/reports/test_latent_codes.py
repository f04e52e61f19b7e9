from dataclasses import replace

import numpy as np
import pytest

from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.reports.latent_codes import LatentCodes, as_image
from aeexp.reports.plotting import mosaic
from tests.support.evaluations import evaluation, evaluator


def test_feature_maps_of_4_by_4_by_8_become_16_by_8():
    code = np.arange(128).reshape(4, 4, 8)
    assert as_image(code).shape == (16, 8)
    np.testing.assert_array_equal(as_image(code)[5], code[1, 1])


@pytest.mark.parametrize(("size", "shape"), [(1, (1, 1)), (2, (2, 1)), (12, (4, 3)), (13, (13, 1)), (64, (8, 8))])
def test_a_vector_becomes_as_square_as_possible(size, shape):
    image = as_image(np.arange(size))
    assert image.shape == shape
    assert sorted(image.ravel()) == list(range(size))


@pytest.mark.parametrize("size", [1, 2, 12, 13])
def test_each_code_stands_below_its_image(size):
    (item,) = LatentCodes()(evaluator(Deterministic(), size).all_images([]))
    above, below, *_ = item.figure.axes
    codes = below.images
    middles = [np.mean(code.get_extent()[:2]) for code in codes]
    titles = (above.get_xticks() + 0.5) / above.images[0].get_array().shape[1] * len(codes)
    np.testing.assert_allclose(middles, titles, atol=0.02)
    assert all(code.get_extent()[1] - code.get_extent()[0] == pytest.approx(0.93) for code in codes)
    assert len({code.get_clim() for code in codes}) == 1


def test_the_image_is_the_one_that_the_network_saw():
    noisy = evaluation("vector")
    (item,) = LatentCodes()(noisy)
    above, _, below, _ = item.figure.axes
    probes = noisy.at_probes()
    np.testing.assert_array_equal(above.images[0].get_array(), mosaic([probes.inputs], 1, 1))
    np.testing.assert_array_equal(below.images[0].get_array(), mosaic([probes.outputs["reconstruction"]], 1, 1))


def test_codes_without_a_finite_value_are_not_drawn():
    judged = evaluation("vector")
    codes = np.full_like(judged.codes, np.nan)
    assert [*LatentCodes()(replace(judged, outputs={**judged.outputs, "latent": codes}))] == []
