"""The histogram of entries against counts by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.codebook_usage import CodebookUsage
from aeexp.tracking.artifacts import FigureArtifact, Scalar
from tests.support.evaluations import evaluation


def counted(counts: np.ndarray) -> EvaluationResult:
    bottleneck = SimpleNamespace(counts=lambda codes: counts, mode_output="latent")
    return replace(evaluation("vector"), model=SimpleNamespace(bottleneck=bottleneck, prior=None))


@pytest.mark.parametrize(
    ("counts", "heights"),
    [([[1, 0, 6, 3]], [0.6, 0.3, 0.1, 0]), ([[1, 3], [5, 5]], [0.625, 0.375])],
    ids=["a codebook", "two categories"],
)
def test_shares_are_sorted(counts, heights):
    perplexity, usage, figure = CodebookUsage()(counted(np.array(counts)))
    assert isinstance(figure, FigureArtifact)
    bars = [bar.get_height() for bar in figure.figure.axes[0].patches]
    np.testing.assert_allclose(bars, heights)
    assert isinstance(perplexity, Scalar)
    assert usage == Scalar("latent/codebook_usage", np.mean(np.array(counts) > 0))


def test_nothing_of_codes_without_entries():
    assert list(CodebookUsage()(evaluation("vector"))) == []
