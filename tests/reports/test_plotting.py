from dataclasses import replace

import numpy as np

from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.reports.plotting import (
    difference_row,
    image_grid,
    mosaic,
    probe_heading,
    probe_titles,
    psnr_notes,
    row_labels,
)
from tests.support.evaluations import evaluation, evaluator
from tests.support.figures import check_nothing_is_cut_off

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


def test_numbers_stand_below_their_images_and_do_not_touch_the_next_row():
    figure = image_grid(
        {"first": GRAY, "second": GRAY}, ["a", "b", "c"], "title", notes={"first": ["1 dB", "2 dB", "3 dB"]}
    )
    (axes,) = figure.axes
    figure.draw_without_rendering()
    boxes = [text.get_window_extent().transformed(axes.transData.inverted()) for text in axes.texts]
    assert [text.get_text() for text in axes.texts] == ["1 dB", "2 dB", "3 dB"]
    assert all(min(box.y0, box.y1) >= 9 and max(box.y0, box.y1) <= 12.2 for box in boxes)  # 8 pixels of image, 1 of gap
    pixels = axes.images[0].get_array()
    assert (pixels[9:11] == 255).all()
    check_nothing_is_cut_off(figure)


def test_probes_are_titled_by_index_and_class():
    probes = evaluator(Deterministic(), 2).all_images([]).at_probes()
    digits = replace(probes, labels=np.array([0, 1, 2]), class_names=("7", "8", "9"))
    assert probe_titles(digits) == ["0\n7", "3\n8", "7\n9"]
    assert probe_heading(digits) == "test image\nclass"
    assert probe_titles(replace(digits, labels=None)) == ["0", "3", "7"]
    assert probe_heading(replace(digits, labels=None)) == "test image"
    long = probe_titles(replace(digits, class_names=("a", "an exceedingly long name", "c")))
    assert long[1] == "3\nan exceedi…"


def test_images_with_names_are_titled_by_name():
    """Beside rows, names that are not distinct give way to numbers."""
    files = evaluation("names of files")
    assert probe_titles(files.at_probes())[1] == "…ake 0003\nT-shirt/top"
    assert row_labels(files, [3, 12]) == ["holiday at the lake 0003", "holiday at the lake 0012"]
    assert row_labels(replace(files, names=np.full(40, "a.png")), [3, 12]) == ["3", "12"]
    photos = replace(files.at_probes(), targets=np.zeros((3, 64, 64, 1)))
    assert probe_titles(photos)[1] == "…he lake 0003\nT-shirt/top"


def test_differences_are_red_where_too_bright_and_blue_where_too_dark():
    targets = np.full((1, 2, 2, 1), 0.5)
    images = np.array([0.9, 0.1, 0.5, 0.5]).reshape(1, 2, 2, 1)
    ((label, (row,)),) = difference_row(images, targets).items()
    assert label == "difference\n(±0.4)"
    assert row[0, 0, 0] > row[0, 0, 2] + 0.2
    assert row[0, 1, 2] > row[0, 1, 0] + 0.2
    assert np.ptp(row[1, 0]) < 0.05


def test_the_psnr_of_each_image():
    targets = np.zeros((2, 4, 4, 1), np.float32)
    images = np.stack([np.full((4, 4, 1), 0.1), np.full((4, 4, 1), 0.01)]).astype(np.float32)
    assert psnr_notes(targets, images) == ["20.0 dB", "40.0 dB"]
    assert psnr_notes(targets, images[:, ::2, ::2]) == ["", ""]
