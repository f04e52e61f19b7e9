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


def test_rows_are_input_reconstruction_difference_baselines_and_target(flat):
    (item,) = REPORT(flat)
    (axes,) = item.figure.axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[2].startswith("difference")
    assert [*names[:2], *names[3:]] == ["input", "reconstruction", "gaussian blur", "target"]  # the input but once
    pixels = axes.images[0].get_array()
    middles = np.delete(axes.get_yticks(), 2)
    for name, middle, images in zip(np.delete(names, 2), middles, [BLACK, DARK, LIGHT, WHITE], strict=True):
        assert np.unique(pixels[round(middle), round(axes.get_xticks()[1])]) == round(255 * images.max()), name


def test_the_psnr_stands_below_each_picture(flat):
    (item,) = REPORT(flat)
    notes = [text.get_text() for text in item.figure.axes[0].texts if "dB" in text.get_text()]
    assert notes == ["0.0 dB"] * 3 + ["2.5 dB"] * 3 + ["12.0 dB"] * 3  # of the errors 1, 3/4 and 1/4


def test_the_title_tells_the_mean_over_all_images(flat):
    (item,) = REPORT(replace(flat, metrics={**flat.metrics, "psnr": np.array([10.0, 30.0])[np.arange(40) % 2]}))
    assert "all test images 20.0 dB" in item.figure.get_suptitle()


def test_progress_shows_input_reconstruction_and_target(flat):
    (item,) = REPORT.progress(flat)
    np.testing.assert_array_equal(item.pixels, mosaic([BLACK, DARK, WHITE]))


def test_without_probes_there_is_nothing_to_show():
    judged = evaluation("without probes")
    assert [*REPORT(judged), *REPORT.progress(judged)] == []


def test_refuses_no_epochs_between_pictures():
    with pytest.raises(ConfigError, match=r"`every` must be at least 1 epoch, or null\. Received every=0"):
        Reconstructions(every=0)
