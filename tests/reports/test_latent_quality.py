import logging
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from aeexp.evaluation.result import EvaluationResult
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.reports.latent_quality import LatentQuality
from aeexp.tracking.artifacts import FigureArtifact, Scalar
from tests.support.evaluations import evaluator

QUALITY = LatentQuality(images=200, n_neighbors=5, seed=0)


@cache
def labelled() -> EvaluationResult:
    """200 images of three classes."""
    return evaluator(Deterministic(), 2, count=200).all_images([])


def scalars(evaluation: EvaluationResult) -> dict[str, float]:
    return {item.name: item.value for item in QUALITY(evaluation) if isinstance(item, Scalar)}


def with_codes(codes: np.ndarray) -> EvaluationResult:
    return replace(labelled(), outputs={**labelled().outputs, "latent": codes})


def test_separable_codes_are_classified():
    corners = np.array([[0, 0], [0, 9], [9, 0]], np.float32)
    noise = np.random.default_rng(0).normal(size=(200, 2))
    numbers = scalars(with_codes(corners[labelled().labels] + noise))
    assert numbers == {"latent/linear_accuracy": 1.0, "latent/neighbour_accuracy": 1.0}


@pytest.mark.parametrize("size", [2, 300])
def test_random_codes_give_chance_accuracy(size):
    numbers = scalars(with_codes(np.random.default_rng(0).normal(size=(200, size))))
    assert all(0.15 < accuracy < 0.55 for accuracy in numbers.values())


@pytest.mark.parametrize("count", [1, 3, 200])
def test_no_accuracy_for_one_class_or_few_images(count):
    evaluation = evaluator(Deterministic(), 2, count=count, probes=(0,)).all_images([])
    assert scalars(replace(evaluation, labels=np.zeros(count, np.int64))) == {}


def normal_code(means: np.ndarray) -> EvaluationResult:
    evaluation = evaluator(Gaussian(), means.shape[1], count=len(means), labelled=False).all_images([])
    return replace(evaluation, outputs=evaluation.outputs | {"mean": means, "log_variance": np.zeros_like(means)})


def test_active_units_are_those_whose_mean_varies():
    means = np.random.default_rng(0).normal(size=(100, 3)) * [1, 0.05, 0.2]
    assert scalars(normal_code(means)) == {"latent/active_units": 2}


def test_kl_per_latent_dimension_is_shown_in_descending_order():
    means = np.array([[0.1, 3.0, 1.0], [-0.1, -3.0, -1.0]])
    (figure,) = (item.figure for item in QUALITY(normal_code(means)) if isinstance(item, FigureArtifact))
    (axes,) = figure.axes
    np.testing.assert_allclose([bar.get_height() for bar in axes.patches], [4.5, 0.5, 0.005])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["z[1]", "z[2]", "z[0]"]


def test_posterior_collapse_is_warned_of(caplog):
    with caplog.at_level(logging.WARNING):
        assert scalars(normal_code(np.zeros((50, 2)))) == {"latent/active_units": 0}
    assert "Posterior collapse" in caplog.text


def test_an_active_posterior_is_not_warned_of(caplog):
    scalars(normal_code(np.random.default_rng(0).normal(size=(50, 2))))
    assert not caplog.text
