"""The test images with the nearest codes."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports.nearest_neighbors import NearestNeighbors
from tests.support.evaluations import evaluation

REPORT = NearestNeighbors(neighbors=2, images=40, probes=8)
LINE = np.arange(40.0)[:, None] ** 1.5 + 1e4


def notes(codes: np.ndarray, report: NearestNeighbors = REPORT, **changed: object) -> list[str]:
    """The classes below the images, row by row, without the heading; each image is a class of its own."""
    judged = evaluation("vector")
    names = tuple(f"c{place}" for place in range(40))
    judged = replace(judged, outputs={**judged.outputs, "latent": codes}, labels=np.arange(40), class_names=names)
    items = [*report(replace(judged, **changed))]
    return [text.get_text() for item in items for text in item.figure.axes[0].texts[:-1]]


def test_the_nearest_come_first_and_an_image_is_not_its_own_neighbor():
    assert notes(LINE, probes=(0, 7)) == ["c0", "c1", "c2", "c7", "c6", "c8"]


def test_images_that_are_not_searched_may_be_probes():
    assert notes(LINE, replace(REPORT, images=5), probes=(7,)) == ["c7", "c4", "c3"]


def test_codes_that_are_no_numbers_are_no_neighbors():
    codes = LINE.copy()
    codes[1] = np.nan
    assert notes(codes, probes=(0,)) == ["c0", "c2", "c3"]
    assert notes(codes, probes=(1,)) == []


def test_nothing_for_a_single_image_or_without_probes():
    assert [*REPORT(evaluation("one image"))] == []
    assert [*REPORT(evaluation("without probes"))] == []


@pytest.mark.parametrize("name", ["neighbors", "images", "probes"])
def test_refuses_nothing_to_show(name):
    with pytest.raises(ConfigError, match=f"`{name}` must be at least 1"):
        replace(REPORT, **{name: 0})
