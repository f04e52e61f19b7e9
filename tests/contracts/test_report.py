"""What every report keeps to, over each yaml of its group and each kind of evaluation."""

import copy
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import ArraysArtifact, Artifact, FigureArtifact, ImageArtifact, Scalar, TableArtifact
from tests.support.evaluations import EVALUATORS, evaluation
from tests.support.figures import check_nothing_is_cut_off
from tests.support.umap_package import install_stand_in

YAMLS = [path for path in sorted((Path(__file__).parents[2] / "conf" / "report").glob("*.yaml")) if path.stem != "none"]


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def report(yaml, monkeypatch) -> Report:
    install_stand_in(monkeypatch)
    return instantiate(OmegaConf.load(yaml)[yaml.stem], f"report.{yaml.stem}", Report)


@pytest.fixture(params=EVALUATORS)
def judged(request) -> EvaluationResult:
    return evaluation(request.param)


def test_yaml_names_its_file_and_every_field(yaml, report):
    node = OmegaConf.load(yaml)
    assert list(node) == [yaml.stem]
    assert type(report).__module__ == f"aeexp.reports.{yaml.stem}"
    assert set(node[yaml.stem]) == {"_target_"} | {field.name for field in fields(report)}


def test_yields_finished_items_and_leaves_the_evaluation_as_it_was(report, judged):
    before = copy.deepcopy({name: value for name, value in vars(judged).items() if isinstance(value, np.ndarray)})
    items = [*report(judged), *report.progress(judged)]
    for item in items:
        check(item)
    assert len({(type(item), item.name) for item in items}) == len(items)
    assert all(np.array_equal(getattr(judged, name), value) for name, value in before.items())


def test_has_something_to_show_and_repeats_it_exactly(report):
    """Every number, array, picture, curve, point and bar."""
    seen = 0
    for kind in ("vector", "plane", "entries of a codebook"):
        first, again = ([*report(evaluation(kind)), *report.progress(evaluation(kind))] for _ in range(2))
        assert [item.name for item in first] == [item.name for item in again]
        for one, other in zip(first, again, strict=True):
            for values, repeated in zip(contents(one), contents(other), strict=True):
                np.testing.assert_array_equal(repeated, values)
                seen += np.size(values)
    assert seen


def contents(item: Artifact) -> Iterator[np.ndarray]:
    """All that an item shows, as arrays."""
    match item:
        case Scalar(_, value):
            yield np.array(value)
        case ImageArtifact(_, pixels):
            yield pixels
        case ArraysArtifact(_, arrays):
            yield from arrays.values()
        case TableArtifact(_, columns):
            yield from map(np.array, columns.values())
        case FigureArtifact(_, figure):
            for axes in figure.axes:
                yield from (image.get_array() for image in axes.images)
                yield from (line.get_xydata() for line in axes.lines)
                yield from (points.get_offsets() for points in axes.collections)
                yield from (np.array(bar.get_bbox()) for bar in axes.patches)


def is_drawn_as_it_is(pixels: np.ndarray) -> bool:
    """Whether Matplotlib takes colors without clipping them."""
    return pixels.ndim < 3 or pixels.dtype == np.uint8 or (pixels.min() >= 0 and pixels.max() <= 1)


def check(item: Artifact) -> None:
    assert re.fullmatch(r"[a-z0-9_]+(/[a-z0-9_]+)?", item.name)
    match item:
        case Scalar(_, value):
            assert isinstance(value, (int, float))
            assert np.isfinite(value)
        case FigureArtifact(_, figure):
            assert all(axes.has_data() for axes in figure.axes)
            assert any(axes.get_title() for axes in figure.axes) or figure.get_suptitle()
            check_nothing_is_cut_off(figure)
            assert all(is_drawn_as_it_is(image.get_array()) for axes in figure.axes for image in axes.images)
        case ImageArtifact(_, pixels):
            assert pixels.dtype == np.uint8
            assert pixels.ndim == 3
            assert pixels.shape[2] == 3
        case ArraysArtifact(_, arrays):
            assert all(values.dtype.kind in "iufU" for values in arrays.values())
        case TableArtifact(_, columns):
            assert len({len(column) for column in columns.values()}) == 1
