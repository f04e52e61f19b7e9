"""Reports of codes that are no free numbers: what they show of them, and where they stay silent."""

from functools import cache

import numpy as np
import pytest
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.config.paths import CONF
from aeexp.evaluation.result import EvaluationResult
from aeexp.models.bottlenecks.categorical import Categorical
from aeexp.models.bottlenecks.finite_scalar import FiniteScalar
from aeexp.models.bottlenecks.sparse import Sparse
from aeexp.models.bottlenecks.von_mises_fisher import VonMisesFisher
from aeexp.models.priors.uniform_categories import UniformCategories
from aeexp.models.priors.uniform_sphere import UniformSphere
from aeexp.reports.report import Report
from tests.support.evaluations import decoded_by, evaluator

CODES = {
    "categories": lambda: (Categorical(3, 1.0, 0.5, 0.0, False), 4, UniformCategories()),
    "sphere": lambda: (VonMisesFisher(), 3, UniformSphere()),
    "levels": lambda: (FiniteScalar([3, 4]), None, None),
    "few of many": lambda: (Sparse(2), 6, None),
}
PERTURBED = {"latent_perturbation", "latent_random", "latent_perturbation_curve"}
SHOWN = {
    "categories": {*PERTURBED, "latent_scatter", "latent_codes", "latent_kl", "samples", "codebook_usage"},
    "sphere": {*PERTURBED, "latent_scatter", "latent_codes", "interpolation", "samples"},
    "levels": {*PERTURBED, "latent_scatter", "latent_codes", "interpolation", "samples", "codebook_usage"},
    "few of many": {*PERTURBED, "latent_scatter", "latent_codes", "interpolation", "latent_traversal", "samples"},
}
"""Figures of each kind of codes."""

REPORTS = ("latent_scatter", "latent_codes", "interpolation", "latent_perturbation", "latent_manifold")
OTHERS = ("latent_quality", "samples", "codebook_usage")


@cache
def evaluation(kind: str) -> EvaluationResult:
    bottleneck, latent_dim, prior = CODES[kind]()
    return evaluator(bottleneck, latent_dim, prior=prior).all_images([])


def report(name: str) -> Report:
    return instantiate(OmegaConf.load(CONF / "report" / f"{name}.yaml")[name], f"report.{name}", Report)


@pytest.mark.parametrize("kind", CODES)
def test_what_is_shown(kind):
    items = [item for name in (*REPORTS, *OTHERS) for item in report(name)(evaluation(kind))]
    assert {item.name for item in items if "/" not in item.name} == SHOWN[kind]


@pytest.mark.parametrize("kind", ["categories", "sphere", "levels", "few of many"])
@pytest.mark.parametrize("name", ["interpolation", "latent_perturbation", "samples"])
def test_no_code_is_decoded_that_the_bottleneck_cannot_give(kind, name):
    found, asked = decoded_by(lambda latents: np.zeros((len(latents), 16, 16, 1), np.float32), evaluation(kind))
    list(report(name)(found))
    for latents in asked:
        np.testing.assert_allclose(found.model.bottleneck.nearest(latents), latents, atol=1e-5)
