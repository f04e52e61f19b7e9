"""The test images that are reconstructed best and worst."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports.best_and_worst import BestAndWorst
from tests.support.evaluations import evaluation

REPORT = BestAndWorst(metric="psnr", count=3)
PLANE = evaluation("plane")


def shown(metric: str, values: np.ndarray, count: int = 3) -> list[list[str]]:
    """The numbers of the images of both kinds, in their order."""
    (item,) = BestAndWorst(metric, count)(replace(PLANE, metrics={**PLANE.metrics, metric: values}))
    return [[label.get_text().split("\n")[0] for label in axes.get_xticklabels()] for axes in item.figure.axes]


def test_the_best_and_the_worst_come_first():
    values = np.random.default_rng(0).permutation(40).astype(float)
    order = [str(place) for place in np.argsort(values)]
    assert shown("psnr", values) == [order[:-4:-1], order[:3]]
    assert shown("mse", values) == [order[:3], order[:-4:-1]]  # of which less is better


def test_images_without_a_value_are_not_ranked():
    values = np.where(np.arange(40) < 4, np.arange(40.0), np.nan)
    assert shown("psnr", values) == [["3", "2"], ["0", "1"]]


def test_the_value_stands_below_the_reconstruction():
    (item,) = REPORT(replace(PLANE, metrics={"psnr": np.arange(40.0)}))
    best, worst = ([text.get_text() for text in axes.texts if "dB" in text.get_text()] for axes in item.figure.axes)
    assert (best, worst) == (["39.0 dB", "38.0 dB", "37.0 dB"], ["0.0 dB", "1.0 dB", "2.0 dB"])


def test_nothing_for_one_image_or_a_metric_that_is_not_measured():
    assert [*REPORT(evaluation("one image"))] == []
    assert [*replace(REPORT, metric="fid")(PLANE)] == []


def test_refuses_no_images():
    with pytest.raises(ConfigError, match=r"`count` must be at least 1\. Received count=0"):
        replace(REPORT, count=0)
