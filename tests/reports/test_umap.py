"""The UMAP map of the codes."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports.umap import Umap
from tests.support.evaluations import evaluation
from tests.support.umap_package import install_stand_in

SETTINGS = {"images": 100, "neighbors": 15, "min_dist": 0.1, "seed": 0}


@pytest.fixture
def report(monkeypatch) -> Umap:
    install_stand_in(monkeypatch)
    return Umap(**SETTINGS)


def with_codes(codes: np.ndarray):
    judged = evaluation("vector")
    return replace(judged, outputs={**judged.outputs, "latent": codes}, labels=np.arange(len(codes)) % 2)


def points(item) -> np.ndarray:
    return np.asarray(item.figure.axes[0].collections[0].get_offsets())


def test_a_point_for_each_finite_code(report):
    codes = np.random.default_rng(0).normal(size=(40, 3))
    codes[7] = np.nan
    (item,) = report(with_codes(codes))
    np.testing.assert_array_equal(points(item), np.delete(codes, 7, axis=0)[:, :2])
    assert item.name == "umap"
    assert item.figure.texts[0].get_text().strip() == "UMAP map of the codes of 39 test images"


@pytest.mark.parametrize("codes", [np.zeros((40, 3)), np.eye(4), np.full((40, 3), np.inf)])
def test_nothing_for_codes_that_are_alike_too_few_or_no_numbers(codes, report):
    assert [*report(with_codes(codes))] == []


def test_fewer_neighbors_than_codes(report):
    (item,) = report(with_codes(np.eye(5)))
    assert len(points(item)) == 5


@pytest.mark.parametrize("wrong", [{"images": 4}, {"neighbors": 1}, {"min_dist": -0.1}, {"min_dist": float("nan")}])
def test_rejects_invalid_settings(wrong, report):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be "):
        replace(report, **wrong)


def test_says_before_anything_is_trained_that_the_package_is_missing(aeexp, monkeypatch):
    monkeypatch.delitem(sys.modules, "umap", raising=False)
    monkeypatch.setattr("aeexp.reports.umap.find_spec", lambda _: None)
    line = "error: report.umap: the package umap-learn is not installed. Install it: pip install 'aeexp[umap]'.\n"
    for command in (["train"], ["evaluate", "run=latest"]):
        ended = aeexp(*command, "report=[umap]")
        assert (ended.code, ended.out, ended.err) == (2, "", line)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(40, 60), (40, 1), (5, 3)])
def test_the_package_tells_apart_what_lies_apart(shape):
    pytest.importorskip("umap")
    codes = np.random.default_rng(0).normal(size=shape) + 20 * (np.arange(shape[0]) % 2)[:, None]
    (item,), (again,) = (Umap(**SETTINGS)(with_codes(codes)) for _ in range(2))
    np.testing.assert_array_equal(points(again), points(item))
    even, odd = points(item)[::2], points(item)[1::2]
    if len(codes) == 40:
        apart = np.linalg.norm(even.mean(axis=0) - odd.mean(axis=0))
        assert apart > 2 * max(even.std(axis=0).max(), odd.std(axis=0).max())
