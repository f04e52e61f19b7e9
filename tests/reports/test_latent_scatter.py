from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from aeexp.evaluation.result import EvaluationResult
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.reports.latent_scatter import LatentScatter
from aeexp.reports.style import MAX_NAMES, class_colors
from tests.support.evaluations import evaluator
from tests.support.figures import check_nothing_is_cut_off


@pytest.fixture(scope="module")
def judged() -> EvaluationResult:
    """40 images of three classes with a code of two numbers."""
    return evaluator(Deterministic(), 2).all_images([])


def test_every_point_has_the_color_of_its_class(judged):
    (item,) = LatentScatter(points=40)(judged)
    item.figure.draw_without_rendering()
    points = item.figure.axes[0].collections[0]
    np.testing.assert_allclose(points.get_facecolors()[:, :3], class_colors(3)[judged.labels, :3])


@pytest.mark.parametrize("count", [3, 60])
def test_the_legend_names_classes_and_leaves_room_for_the_points(judged, count):
    names = tuple(f"an exceedingly long name {place}" for place in range(count))
    (item,) = LatentScatter(points=40)(replace(judged, class_names=names))
    item.figure.draw_without_rendering()
    (legend,) = item.figure.legends
    boxes = [text.get_window_extent() for text in legend.get_texts()]
    assert min(count, MAX_NAMES // 2) <= len(boxes) <= MAX_NAMES
    assert all(below.y1 <= above.y0 + 1 for above, below in pairwise(boxes))
    assert item.figure.axes[0].get_window_extent().width > item.figure.bbox.width / 2
    check_nothing_is_cut_off(item.figure)


def test_the_more_points_the_more_transparent(judged):
    def drawn(count: int):
        codes = np.random.default_rng(0).normal(size=(count, 2))
        labels = np.arange(count) % 3
        (item,) = LatentScatter(points=count)(
            replace(judged, outputs={**judged.outputs, "latent": codes}, labels=labels)
        )
        return item.figure.axes[0]

    few, many = drawn(40), drawn(9000)
    assert few.collections[0].get_alpha() > 2 * many.collections[0].get_alpha()
    assert len(few.collections) == 1
    assert len(many.collections) == 4  # and a line around the densest half of each class


def test_half_of_a_class_lies_within_its_contour(judged):
    codes = np.random.default_rng(0).normal(size=(9000, 2))
    (item,) = LatentScatter(points=9000)(replace(judged, outputs={**judged.outputs, "latent": codes}, labels=None))
    contour = item.figure.axes[0].collections[1].get_paths()[0]
    assert contour.contains_points(codes).mean() == pytest.approx(0.5, abs=0.05)


def test_a_code_of_one_number_is_a_histogram(judged):
    codes = np.linspace(0, 1, 40)[:, None]
    (item,) = LatentScatter(points=40)(replace(judged, outputs={**judged.outputs, "latent": codes}))
    (axes,) = item.figure.axes
    assert axes.get_ylabel() == "test images"


def test_codes_that_are_no_numbers_are_left_out(judged):
    codes = judged.codes.copy()
    codes[::2] = np.nan
    (item,) = LatentScatter(points=40)(replace(judged, outputs={**judged.outputs, "latent": codes}))
    assert len(item.figure.axes[0].collections[0].get_offsets()) == 20
    assert [*LatentScatter(points=40)(replace(judged, outputs={**judged.outputs, "latent": codes[::2]}))] == []
