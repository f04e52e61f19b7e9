from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from aeexp.evaluation.result import EvaluationResult
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.reports.latent_scatter import MAX_NAMES, LatentScatter
from aeexp.reports.style import class_colors
from tests.support.evaluations import evaluator


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
def test_class_names_do_not_overlap(judged, count):
    names = tuple(f"an exceedingly long name {place}" for place in range(count))
    (item,) = LatentScatter(points=40)(replace(judged, class_names=names))
    item.figure.draw_without_rendering()
    plot, bar = item.figure.axes
    boxes = [label.get_window_extent() for label in bar.get_yticklabels()]
    assert min(count, MAX_NAMES // 2) <= len(boxes) <= MAX_NAMES
    assert all(below.y1 <= above.y0 for below, above in pairwise(boxes))
    assert plot.get_window_extent().width > item.figure.bbox.width / 2
