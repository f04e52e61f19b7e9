"""Variance of the codes by principal component, and their correlation."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports.code_spectrum import CodeSpectrum
from aeexp.tracking.artifacts import FigureArtifact, Scalar
from tests.support.evaluations import evaluation

REPORT = CodeSpectrum(images=4000, dimensions=3)


def drawn(codes: np.ndarray) -> list[Scalar | FigureArtifact]:
    judged = evaluation("vector")
    return [*REPORT(replace(judged, outputs={**judged.outputs, "latent": codes}))]


def test_equal_variances_are_all_effective_and_uncorrelated():
    number, item = drawn(np.random.default_rng(0).normal(size=(4000, 4)))
    assert number.name == "latent/effective_dimension"
    assert number.value == pytest.approx(4, abs=0.02)
    spectrum, image = item.figure.axes[0].lines[0], item.figure.axes[1].images[0]
    np.testing.assert_allclose(spectrum.get_ydata(), 0.25, atol=0.02)
    assert image.get_array().shape == (3, 3)
    np.testing.assert_allclose(image.get_array(), np.eye(3), atol=0.06)


def test_copies_of_one_number_count_once():
    number, item = drawn(np.random.default_rng(0).normal(size=(100, 1)) * [1, -1, 2])
    assert number.value == pytest.approx(1)
    np.testing.assert_allclose(item.figure.axes[1].images[0].get_array()[0], [1, -1, 1], atol=1e-6)


@pytest.mark.parametrize(
    "codes",
    [
        np.zeros((40, 3)),
        np.arange(40.0)[:, None],
        np.full((40, 3), np.nan),
        np.arange(120.0).reshape(40, 3) * [1, 0, 0],
        np.eye(2),
    ],
    ids=["constant", "one number", "no numbers", "one that varies", "two images"],
)
def test_nothing_where_fewer_than_two_numbers_vary(codes):
    assert drawn(codes) == []


def test_codes_of_thousands_of_numbers_are_thinned_out():
    number, item = drawn(np.random.default_rng(0).normal(size=(50, 14, 14, 64)))
    assert np.isfinite(number.value)
    assert "of 12,544" in item.figure.get_suptitle()


@pytest.mark.parametrize("wrong", [{"images": 1}, {"dimensions": 1}])
def test_refuses_what_has_no_correlation(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be at least 2"):
        replace(REPORT, **wrong)
