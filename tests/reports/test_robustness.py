from dataclasses import replace

import numpy as np
import pytest

from aeexp.bottlenecks.deterministic import Deterministic
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.downscale import Downscale
from aeexp.corruptions.jpeg import Jpeg
from aeexp.corruptions.mask import Mask
from aeexp.corruptions.noise import Noise
from aeexp.errors import ConfigError
from aeexp.reports.robustness import Robustness
from aeexp.types import Figure
from tests.evaluations import evaluator

ROBUSTNESS = Robustness(factors=[0.0, 0.5, 2.0], images=10)


def drawn(corruption: Chain) -> dict[str, np.ndarray]:
    """The points [2, N] of the first curve of each figure."""
    items = list(ROBUSTNESS(evaluator(Deterministic(), 2, corruption=corruption).all_images([])))
    assert all(isinstance(item, Figure) for item in items)
    return {item.name: np.array(item.figure.axes[0].lines[0].get_data()) for item in items}


def test_the_strength_in_training_is_among_those_tried():
    points = drawn(Chain({"noise": Noise(mean=0.5, std=0.4)}))["robustness_noise_std"]
    np.testing.assert_allclose(points[0], [0, 0.2, 0.4, 0.8])
    assert np.isfinite(points[1]).all()


def test_strengths_that_cannot_be_are_left_out():
    figures = drawn(Chain({"jpeg": Jpeg(quality=60), "mask": Mask(fraction=0.6, value=0.0)}))
    np.testing.assert_allclose(figures["robustness_jpeg_quality"][0], [30, 60])
    np.testing.assert_allclose(figures["robustness_mask_fraction"][0], [0, 0.3, 0.6])


@pytest.mark.parametrize("corruption", [Chain({}), Chain({"downscale": Downscale(factor=2)})])
def test_says_nothing_without_a_strength(corruption):
    assert drawn(corruption) == {}


def test_the_corruption_in_training_gives_the_evaluation_itself():
    corruption = Chain({"downscale": Downscale(factor=2), "noise": Noise(mean=0.0, std=0.4)})
    evaluation = evaluator(Deterministic(), 2, corruption=corruption).all_images([])
    again = evaluation.at_strength("noise.std", 0.4, 10)
    np.testing.assert_allclose(again.inputs, evaluation.inputs[:10], atol=1e-6)
    np.testing.assert_allclose(again.metrics["psnr"], evaluation.metrics["psnr"][:10], rtol=1e-4)
    assert np.abs(evaluation.at_strength("noise.std", 0.1, 10).inputs - again.inputs).max() > 0.1


@pytest.mark.parametrize("wrong", [{"factors": [1.0]}, {"factors": [-1.0, 1.0]}, {"images": 0}])
def test_refuses_what_draws_no_curve(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must .* Received"):
        replace(ROBUSTNESS, **wrong)
