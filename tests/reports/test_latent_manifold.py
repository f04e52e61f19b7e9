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
    np.testing.assert_allclose(MANIFOLD.coordinates, [-2, -1, 0, 1, 2])


def test_quantiles_are_denser_near_zero():
    coordinates = replace(MANIFOLD, spacing="quantile").coordinates
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


@pytest.mark.parametrize(
    "wrong", [{"steps": 1}, {"extent": 0.0}, {"extent": float("nan")}, {"spacing": "random"}, {"dimensions": 0}]
)
def test_rejects_invalid_settings(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be .* Received"):
        replace(MANIFOLD, **wrong)
