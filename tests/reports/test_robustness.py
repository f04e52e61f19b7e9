from dataclasses import replace

import numpy as np
import pytest

from aeexp.corruptions.chain import Chain
from aeexp.corruptions.downscale import Downscale
from aeexp.corruptions.jpeg import Jpeg
from aeexp.corruptions.mask import Mask
from aeexp.corruptions.noise import Noise
from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.reports.robustness import Robustness
from aeexp.tracking.artifacts import FigureArtifact
from tests.support.evaluations import evaluator

ROBUSTNESS = Robustness(factors=[0.0, 0.5, 2.0], images=10)


def drawn(corruption: Chain) -> dict[str, np.ndarray]:
    """The points [2, N] of the first curve of each figure."""
    items = list(ROBUSTNESS(evaluator(Deterministic(), 2, corruption=corruption).all_images([])))
    assert all(isinstance(item, FigureArtifact) for item in items)
    return {item.name: np.array(item.figure.axes[0].lines[0].get_data()) for item in items}


def test_the_strength_in_training_is_among_those_tried():
    points = drawn(Chain({"noise": Noise(mean=0.5, std=0.4)}))["robustness_noise_std"]
    np.testing.assert_allclose(points[0], [0, 0.2, 0.4, 0.8])
    assert np.isfinite(points[1]).all()


def test_invalid_strengths_are_skipped():
    figures = drawn(Chain({"jpeg": Jpeg(quality=60), "mask": Mask(fraction=0.6, value=0.0)}))
    np.testing.assert_allclose(figures["robustness_jpeg_quality"][0], [30, 60])
    np.testing.assert_allclose(figures["robustness_mask_fraction"][0], [0, 0.3, 0.6])


@pytest.mark.parametrize("corruption", [Chain({}), Chain({"downscale": Downscale(factor=2)})])
def test_no_figure_without_a_strength(corruption):
    assert drawn(corruption) == {}


def test_the_corruption_in_training_gives_the_evaluation_itself():
    corruption = Chain({"downscale": Downscale(factor=2), "noise": Noise(mean=0.0, std=0.4)})
    evaluation = evaluator(Deterministic(), 2, corruption=corruption).all_images([])
    again = evaluation.at_strength("noise.std", 0.4, 10)
    np.testing.assert_allclose(again.inputs, evaluation.inputs[:10], atol=1e-6)
    np.testing.assert_allclose(again.metrics["psnr"], evaluation.metrics["psnr"][:10], rtol=1e-4)
    assert np.abs(evaluation.at_strength("noise.std", 0.1, 10).inputs - again.inputs).max() > 0.1


def test_marks_the_strength_in_training():
    trained, other = Chain({"noise": Noise(mean=0.0, std=0.4)}), Chain({"noise": Noise(mean=0.0, std=0.7)})
    evaluate = replace(evaluator(Deterministic(), 2, corruption=other), trained=trained)
    (item,) = ROBUSTNESS(evaluate.all_images([]))
    curve, *_, mark = item.figure.axes[0].lines
    np.testing.assert_allclose(curve.get_xdata(), [0, 0.2, 0.4, 0.7, 0.8])
    assert set(mark.get_xdata()) == {0.4}
    (item,) = ROBUSTNESS(replace(evaluate, trained=Chain({})).all_images([]))
    assert not any("in training" in str(line.get_label()) for line in item.figure.axes[0].lines)


def test_the_axis_is_limited_for_uncorrupted_inputs():
    (item,) = ROBUSTNESS(evaluator(Deterministic(), 2, corruption=Chain({"mask": Mask(0.4, 0.0)})).all_images([]))
    psnr, ssim = (axes.get_ylim()[1] for axes in item.figure.axes[:2])
    assert psnr == 50
    assert ssim < 1.2


def test_says_what_stays_at_strength_zero_and_shows_it():
    corruption = Chain({"noise": Noise(mean=0.5, std=0.4)})
    (item,) = ROBUSTNESS(evaluator(Deterministic(), 2, corruption=corruption).all_images([]))
    assert item.figure.axes[0].get_xlabel() == "noise.std, always with mean=0.5"
    pictures = item.figure.axes[-1]
    assert [label.get_text() for label in pictures.get_xticklabels()] == ["0", "0.2", "0.4", "0.8"]
    assert pictures.images[0].get_array()[1:17, 1:17].min() >= 127  # gray at least: the mean of the noise is added


@pytest.mark.parametrize("wrong", [{"factors": [1.0]}, {"factors": [-1.0, 1.0]}, {"images": 0}])
def test_rejects_invalid_settings(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must .* Received"):
        replace(ROBUSTNESS, **wrong)
