"""Images decoded from codes between those of two test images."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports.interpolation import Interpolation
from tests.support.evaluations import decoded_by, evaluation

REPORT = Interpolation(pairs=2, steps=5)


def test_codes_lie_evenly_on_the_line_between_two_probes():
    judged, asked = decoded_by(lambda latents: np.zeros((len(latents), 16, 16, 1), np.float32), evaluation("plane"))
    judged = replace(judged, labels=np.arange(40) % 2)  # the probes 0, 3 and 7 are even, odd and odd
    (item,) = REPORT(judged)
    (codes,) = asked  # the third probe has no partner
    first, second = judged.codes[0], judged.codes[3]
    np.testing.assert_allclose(codes[[0, 4]], [first, second], atol=1e-6)
    np.testing.assert_allclose(codes[2], (first + second) / 2, atol=1e-6)
    assert [label.get_text() for label in item.figure.axes[0].get_yticklabels()] == ["0 to 3"]


def test_pairs_are_of_different_classes_where_there_are_such():
    judged = replace(evaluation("plane"), labels=np.where(np.arange(40) == 7, 1, 0))
    (item,) = REPORT(judged)
    assert [label.get_text() for label in item.figure.axes[0].get_yticklabels()] == ["0 to 7"]


def test_two_images_of_one_class_are_a_pair():
    judged = evaluation("plane")
    (item,) = REPORT(replace(judged, labels=np.zeros(40, int), probes=(0, 3)))
    assert [label.get_text() for label in item.figure.axes[0].get_yticklabels()] == ["0 to 3"]


def test_without_probes_the_first_images_are_taken():
    (item,) = REPORT(evaluation("without probes"))
    assert len(item.figure.axes[0].get_yticks()) == 2


@pytest.mark.parametrize("kind", ["one image"])
def test_a_single_image_has_no_partner(kind):
    assert [*REPORT(evaluation(kind))] == []


def test_codes_that_are_no_numbers_are_left_out():
    judged = evaluation("vector")
    assert [*REPORT(replace(judged, outputs={**judged.outputs, "latent": np.full_like(judged.codes, np.nan)}))] == []


@pytest.mark.parametrize("wrong", [{"pairs": 0}, {"steps": 1}])
def test_refuses_what_shows_nothing(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be at least .* Received"):
        replace(REPORT, **wrong)
