"""Images decoded from codes with noise, and what the noise costs."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.latent_perturbation import NOISE_LEVELS, LatentPerturbation
from aeexp.reports.plotting import mosaic
from tests.support.evaluations import decoded_by, evaluation

REPORT = LatentPerturbation(levels=[0.0, 0.5], images=30, seed=1)


@pytest.fixture
def gray() -> tuple[EvaluationResult, list[np.ndarray]]:
    """Codes of 0.5, decoded to images as bright as the first number in them; the targets are the codes' own images."""
    judged = evaluation("without labels")
    codes = np.full((40, 2), 0.5, np.float32)
    targets = np.full((40, 16, 16, 1), 0.5, np.float32)
    judged = replace(judged, outputs={**judged.outputs, "latent": codes}, targets=targets)
    return decoded_by(lambda latents: np.broadcast_to(latents[:, :1, None, None], (len(latents), 16, 16, 1)), judged)


def test_without_noise_the_code_itself_is_decoded():
    judged = evaluation("plane")
    axes = next(REPORT(judged)).figure.axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == ["code", "+ 0.5·N(0, 1)", "U(0, 1)", "N(0, 1)"]
    decoded = judged.decode(judged.at_probes().codes)
    np.testing.assert_array_equal(axes.images[0].get_array()[: 16 + 1], mosaic([decoded], scale=1, gap=1))


def test_rows_are_the_codes_with_more_and_more_of_the_same_noise(gray):
    judged, asked = gray
    next(LatentPerturbation(levels=[0.0, 0.5, 1.0], images=30, seed=1)(judged))
    code, half, whole, uniform, _ = asked
    np.testing.assert_array_equal(code, 0.5)
    np.testing.assert_allclose(whole - code, 2 * (half - code), atol=1e-6)
    assert np.abs(half - code).min() > 0
    assert 0 < uniform.min() < uniform.max() < 1


def test_the_curve_falls_by_20_db_where_the_noise_is_ten_times_as_strong(gray):
    """The error of an image is its noise, level·n: its PSNR is −20·log₁₀(level) and a constant."""
    *_, item = REPORT(gray[0])
    clean, target = item.figure.axes[0].lines
    np.testing.assert_allclose(clean.get_xdata(), NOISE_LEVELS)
    np.testing.assert_allclose(clean.get_ydata(), target.get_ydata())  # as the decoded codes are the targets
    noise = np.random.default_rng(1).standard_normal((30, 2))[:, 0]
    expected = np.mean(-10 * np.log10(noise**2)) - 20 * np.log10(NOISE_LEVELS)
    np.testing.assert_allclose(clean.get_ydata(), expected, atol=0.01)


def test_without_probes_there_is_the_curve_alone():
    assert [item.name for item in REPORT(evaluation("without probes"))] == ["latent_perturbation_curve"]


@pytest.mark.parametrize("wrong", [{"levels": [-0.1]}, {"images": 0}])
def test_refuses_what_disturbs_nothing(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be at least .* Received"):
        replace(REPORT, **wrong)
