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
    """Codes around 0.5 with σ = 0.25 and 2, decoded to images as bright as the first number of the code."""
    judged = evaluation("without labels")
    codes = np.float32([0.5, 0.5]) + np.float32([0.25, 2]) * np.float32([[-1], [1]])[np.arange(40) % 2]
    targets = np.broadcast_to(codes[:, :1, None, None], (40, 16, 16, 1))
    judged = replace(judged, outputs={**judged.outputs, "latent": codes}, targets=targets)
    return decoded_by(lambda latents: np.broadcast_to(latents[:, :1, None, None], (len(latents), 16, 16, 1)), judged)


def test_without_noise_the_code_itself_is_decoded():
    judged = evaluation("plane")
    axes = next(REPORT(judged)).figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["code", "code + 0.5 σ"]
    decoded = judged.decode(judged.at_probes().codes)
    np.testing.assert_array_equal(axes.images[0].get_array()[: 16 + 1], mosaic([decoded], scale=1, gap=1))


def test_rows_are_the_codes_with_more_and_more_of_the_same_noise_in_their_own_spread(gray):
    judged, asked = gray
    next(LatentPerturbation(levels=[0.0, 0.5, 1.0], images=30, seed=1)(judged))
    code, half, whole = asked
    np.testing.assert_array_equal(code, judged.at_probes().codes)
    np.testing.assert_allclose(whole - code, 2 * (half - code), atol=1e-6)
    noise = np.random.default_rng(1).standard_normal((3, 2))
    np.testing.assert_allclose(whole - code, [0.25, 2] * noise, atol=1e-6)


def test_random_codes_stand_under_no_test_image(gray):
    judged, asked = gray
    _, item, _ = LatentPerturbation(levels=[0.0], images=30, seed=1)(judged)
    axes = item.figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["N(mean, σ²) of the codes", "N(0, 1)", "U(0, 1)"]
    assert not any(label.get_text() for label in axes.get_xticklabels())
    alike, normal, uniform = asked[1:4]
    np.testing.assert_allclose(alike, 0.5 + [0.25, 2] * normal, atol=1e-5)
    assert 0 < uniform.min() < uniform.max() < 1


def test_the_curve_falls_by_20_db_where_the_noise_is_ten_times_as_strong(gray):
    """The error of an image is its noise, level·σ·n: its PSNR is −20·log₁₀(level) and a constant."""
    *_, item = REPORT(gray[0])
    clean, target = item.figure.axes[0].lines
    np.testing.assert_allclose(clean.get_xdata(), NOISE_LEVELS)
    np.testing.assert_allclose(clean.get_ydata(), target.get_ydata(), atol=1e-3)  # as the decoded codes are the targets
    noise = 0.25 * np.random.default_rng(1).standard_normal((30, 2))[:, 0]
    expected = np.mean(-10 * np.log10(noise**2)) - 20 * np.log10(NOISE_LEVELS)
    whole = slice(5)  # of stronger noise, what leaves [0, 1] is clipped
    np.testing.assert_allclose(clean.get_ydata()[whole], expected[whole], atol=0.01)


def test_without_probes_there_is_the_curve_alone():
    assert [item.name for item in REPORT(evaluation("without probes"))] == ["latent_perturbation_curve"]


@pytest.mark.parametrize("wrong", [{"levels": [-0.1]}, {"images": 0}])
def test_refuses_what_disturbs_nothing(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be at least .* Received"):
        replace(REPORT, **wrong)
