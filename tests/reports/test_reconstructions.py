"""Rows of images: input, reconstruction, baselines and target."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import mosaic
from aeexp.reports.reconstructions import Reconstructions
from tests.support.evaluations import evaluation

REPORT = Reconstructions(every=5)
BLACK, DARK, LIGHT, WHITE = (np.full((3, 16, 16, 1), level, np.float32) for level in (0, 0.25, 0.75, 1))
PROBES = [0, 3, 7]


@pytest.fixture
def flat() -> EvaluationResult:
    """Black inputs, dark reconstructions and white targets of the probes; all other images are noise."""
    judged = evaluation("plane")
    images = {"inputs": judged.inputs.copy(), "targets": judged.targets.copy()}
    outputs = {**judged.outputs, "reconstruction": judged.outputs["reconstruction"].copy()}
    images["inputs"][PROBES], images["targets"][PROBES], outputs["reconstruction"][PROBES] = BLACK, WHITE, DARK
    return replace(judged, **images, outputs=outputs, baselines={"input": BLACK, "gaussian_blur": LIGHT})


def test_rows_are_input_reconstruction_baselines_and_target(flat):
    (item,) = REPORT(flat)
    (axes,) = item.figure.axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["input", "reconstruction", "gaussian blur", "target"]  # the input is no row for the second time
    pixels = axes.images[0].get_array()
    for name, middle, images in zip(names, axes.get_yticks(), [BLACK, DARK, LIGHT, WHITE], strict=True):
        assert np.unique(pixels[round(middle), round(axes.get_xticks()[1])]) == round(255 * images.max()), name


def test_the_title_tells_the_mean_over_all_images(flat):
    (item,) = REPORT(replace(flat, metrics={**flat.metrics, "psnr": np.array([10.0, 30.0])[np.arange(40) % 2]}))
    assert "all test images: 20.0 dB" in item.figure.get_suptitle()


def test_progress_shows_input_reconstruction_and_target(flat):
    (item,) = REPORT.progress(flat)
    np.testing.assert_array_equal(item.pixels, mosaic([BLACK, DARK, WHITE]))


def test_without_probes_there_is_nothing_to_show():
    judged = evaluation("without probes")
    assert [*REPORT(judged), *REPORT.progress(judged)] == []


def test_refuses_no_epochs_between_pictures():
    with pytest.raises(ConfigError, match=r"`every` must be at least 1 epoch, or null\. Received every=0"):
        Reconstructions(every=0)
