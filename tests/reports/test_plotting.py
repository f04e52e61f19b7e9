from dataclasses import replace

import numpy as np

from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.reports.plotting import image_grid, mosaic, probe_titles
from tests.support.evaluations import evaluator

GRAY = np.random.default_rng(0).random((3, 8, 6, 1), np.float32)


def test_gray_images_stay_gray_and_keep_their_brightness():
    pixels = mosaic([GRAY], scale=1, gap=0)
    assert pixels.shape == (8, 18, 3)
    assert np.ptp(pixels, axis=2).max() == 0
    np.testing.assert_allclose(pixels[:, :6, 0], 255 * GRAY[0, ..., 0], atol=0.5)


def test_smaller_images_are_enlarged_by_repeating_pixels():
    pixels = mosaic([GRAY, GRAY[:, ::2, ::2]], scale=1, gap=0)
    assert pixels.shape == (16, 18, 3)
    np.testing.assert_array_equal(pixels[8::2, ::2], pixels[9::2, 1::2])


def test_values_outside_the_range_are_clipped():
    assert mosaic([GRAY - 2], scale=1, gap=0).max() == 0
    assert mosaic([GRAY + 2], scale=1, gap=0).min() == 255


def test_a_grid_labels_its_rows_and_columns():
    (axes,) = image_grid({"first": GRAY, "second": GRAY}, ["a", "b", "c"], "title").axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b", "c"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second"]
    pixels = axes.images[0].get_array()
    np.testing.assert_allclose(axes.get_yticks() / pixels.shape[0], [0.25, 0.75], atol=0.05)
    np.testing.assert_allclose(axes.get_xticks() / pixels.shape[1], [1 / 6, 3 / 6, 5 / 6], atol=0.05)


def test_probes_are_titled_by_index_and_class():
    probes = evaluator(Deterministic(), 2).all_images([]).at_probes()
    digits = replace(probes, labels=np.array([0, 1, 2]), class_names=("7", "8", "9"))
    assert probe_titles(digits) == ["0: 7", "3: 8", "7: 9"]
    assert probe_titles(replace(digits, labels=None)) == ["0", "3", "7"]
    long = probe_titles(replace(digits, class_names=("a", "an exceedingly long name", "c")))
    assert long[1] == "3\nan exceedi…"
