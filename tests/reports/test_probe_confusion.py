"""Which classes a linear classifier of the codes confuses."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports import linear_probe
from aeexp.reports.latent_quality import LatentQuality
from aeexp.reports.probe_confusion import ProbeConfusion
from tests.support.evaluations import evaluation

REPORT = ProbeConfusion(images=400, seed=0)
CORNERS = np.array([[0, 0], [0, 9], [9, 0]], np.float32)


def with_codes(codes: np.ndarray, labels: np.ndarray):
    judged = evaluation("vector")
    return replace(judged, outputs={**judged.outputs, "latent": codes}, labels=labels)


def counts(codes: np.ndarray, labels: np.ndarray) -> np.ndarray:
    (item,) = REPORT(with_codes(codes, labels))
    axes = item.figure.axes[0]
    found = np.zeros(axes.images[0].get_array().shape, int)
    for text in axes.texts:
        column, row = text.get_position()
        found[row, column] = int(text.get_text())
    return found


def test_classes_that_lie_apart_are_on_the_diagonal():
    labels = np.arange(400) % 3
    noise = np.random.default_rng(0).normal(size=(400, 2))
    found = counts(CORNERS[labels] + noise, labels)
    assert found.trace() == found.sum() == 100


def test_classes_with_the_same_codes_are_confused():
    labels = np.arange(400) % 3
    noise = np.random.default_rng(0).normal(size=(400, 2))
    found = counts(CORNERS[np.minimum(labels, 1)] + noise, labels)  # the second and the third
    assert found[0, 1:].sum() + found[1:, 0].sum() == 0
    assert found[1, 2] + found[2, 1] > 10


def test_the_probe_is_fitted_once_for_all_reports(monkeypatch):
    labels = np.arange(400) % 3
    judged = with_codes(CORNERS[labels] + np.random.default_rng(0).normal(size=(400, 2)), labels)
    (item,) = REPORT(judged)
    monkeypatch.setattr(linear_probe, "_fit", lambda *_: pytest.fail("fitted again"))
    accuracy, _ = LatentQuality(images=400, n_neighbors=5, seed=0)(replace(judged, baselines={}))
    assert accuracy.value == 1.0
    assert "100% of 100" in item.figure.get_suptitle()


@pytest.mark.parametrize("kind", ["one class", "no labels", "no numbers"])
def test_nothing_without_two_classes_and_numbers(kind):
    codes = np.full((400, 2), np.nan) if kind == "no numbers" else np.ones((400, 2))
    labels = {"one class": np.zeros(400, int), "no labels": None, "no numbers": np.arange(400) % 2}[kind]
    assert [*REPORT(with_codes(codes, labels))] == []


def test_refuses_a_single_image():
    with pytest.raises(ConfigError, match=r"`images` must be at least 2\. Received images=1"):
        replace(REPORT, images=1)
