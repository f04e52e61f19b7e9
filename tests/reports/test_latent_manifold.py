from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.reports.latent_manifold import LatentManifold
from tests.support.evaluations import decoded_by, evaluator

MANIFOLD = LatentManifold(steps=5, extent=2.0, spacing="uniform", dimensions=2)


def watched(evaluation: EvaluationResult) -> tuple[EvaluationResult, list[np.ndarray]]:
    """The evaluation with a model that decodes to black, and the latents it was asked for."""
    return decoded_by(lambda latents: np.zeros((len(latents), *evaluation.targets.shape[1:]), np.float32), evaluation)


def test_coordinates_are_evenly_spaced():
    np.testing.assert_allclose(MANIFOLD.coordinates(5, 3.0), [-2, -1, 0, 1, 2])
    np.testing.assert_allclose(replace(MANIFOLD, extent=None).coordinates(3, 3.0), [-3, 0, 3])


def test_quantiles_are_denser_near_zero():
    coordinates = replace(MANIFOLD, spacing="quantile").coordinates(5, 3.0)
    np.testing.assert_allclose(coordinates[[0, 2, 4]], [-2, 0, 2], atol=1e-9)
    assert coordinates[3] < 1


def test_the_grid_has_x_to_the_right_and_y_upwards():
    evaluation, asked = watched(evaluator(Gaussian(), 2).all_images([]))
    assert [item.name for item in MANIFOLD(evaluation)] == ["latent_grid", "latent_manifold"]
    np.testing.assert_allclose(asked[0][[0, 4, 20, 24]], [[-2, 2], [2, 2], [-2, -2], [2, -2]])


def test_the_grid_of_a_code_without_a_prior_is_centered_on_its_mean():
    evaluation, asked = watched(evaluator(Deterministic(), 2).all_images([]))
    list(MANIFOLD(evaluation))
    codes = evaluation.codes
    np.testing.assert_allclose(asked[0].mean(axis=0), codes.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(asked[0].max(axis=0), codes.mean(axis=0) + 2 * codes.std(axis=0), rtol=1e-4)


def test_a_traversal_shows_the_most_active_dimensions_first():
    evaluation = evaluator(Gaussian(), 4).all_images([])
    means = np.random.default_rng(0).normal(size=(40, 4)) * [0.1, 3, 0.2, 1]
    evaluation, asked = watched(replace(evaluation, outputs=evaluation.outputs | {"mean": means}))
    assert [item.name for item in MANIFOLD(evaluation)] == ["latent_traversal"]
    np.testing.assert_allclose(asked[0][:5], np.outer([-2, -1, 0, 1, 2], [0, 1, 0, 0]))
    np.testing.assert_allclose(asked[0][5:], np.outer([-2, -1, 0, 1, 2], [0, 0, 0, 1]))


def test_a_traversal_passes_through_the_mean_whatever_its_steps():
    evaluation, asked = watched(evaluator(Deterministic(), 4).all_images([]))
    (item,) = replace(MANIFOLD, steps=4)(evaluation)
    np.testing.assert_allclose(asked[0][2], evaluation.codes.mean(axis=0), rtol=1e-5)
    assert [label.get_text() for label in item.figure.axes[0].get_xticklabels()][1:4] == ["-1.0σ", "0", "+1.0σ"]


@pytest.mark.parametrize("spacing", ["uniform", "quantile"])
def test_grid_and_scatter_have_the_same_axes(spacing):
    evaluation, _ = watched(evaluator(Gaussian(), 2).all_images([]))
    report = replace(MANIFOLD, spacing=spacing)
    places = np.array([[-2, -2], [0, 0], [2, 1], [40, 0]])  # in cells of the grid: the first, the middle, the last
    evaluation = replace(evaluation, outputs=evaluation.outputs | {"mean": np.tile(places, (10, 1))})
    *_, item = report(evaluation)
    left, right = item.figure.axes[:2]
    assert (left.get_xlim(), left.get_ylim()) == (right.get_xlim(), right.get_ylim()) == ((0, 5), (0, 5))
    points = np.asarray(left.collections[0].get_offsets())
    assert len(points) == 30  # what is off the grid is not drawn
    np.testing.assert_allclose(points[:2], [[0.5, 0.5], [2.5, 2.5]], atol=1e-6)
    assert points[2, 0] == pytest.approx(4.5)


@pytest.mark.parametrize(
    "wrong", [{"steps": 1}, {"extent": 0.0}, {"extent": float("nan")}, {"spacing": "random"}, {"dimensions": 0}]
)
def test_rejects_invalid_settings(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be .* Received"):
        replace(MANIFOLD, **wrong)
