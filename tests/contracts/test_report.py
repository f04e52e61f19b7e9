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
from tests.support.evaluations import evaluations
from tests.support.figures import check_nothing_is_cut_off

YAMLS = [path for path in sorted((Path(__file__).parents[2] / "conf" / "report").glob("*.yaml")) if path.stem != "none"]
KINDS = evaluations()


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def report(yaml) -> Report:
    return instantiate(OmegaConf.load(yaml)[yaml.stem], f"report.{yaml.stem}", Report)


@pytest.fixture(params=KINDS)
def evaluation(request) -> EvaluationResult:
    return KINDS[request.param]


def test_yaml_names_its_file_and_every_field(yaml, report):
    node = OmegaConf.load(yaml)
    assert list(node) == [yaml.stem]
    assert type(report).__module__ == f"aeexp.reports.{yaml.stem}"
    assert set(node[yaml.stem]) == {"_target_"} | {field.name for field in fields(report)}


def test_yields_finished_items_and_leaves_the_evaluation_as_it_was(report, evaluation):
    before = copy.deepcopy({name: value for name, value in vars(evaluation).items() if isinstance(value, np.ndarray)})
    items = [*report(evaluation), *report.progress(evaluation)]
    for item in items:
        check(item)
    assert len({(type(item), item.name) for item in items}) == len(items)
    assert all(np.array_equal(getattr(evaluation, name), value) for name, value in before.items())


def test_has_something_to_say(report):
    assert any(next(iter(report(evaluation)), None) for evaluation in KINDS.values())


def test_is_repeated_exactly(report):
    def pictures() -> Iterator[np.ndarray]:
        for item in report(KINDS["plane"]):
            if isinstance(item, FigureArtifact):
                yield from (drawn.get_array() for axes in item.figure.axes for drawn in axes.images)

    for first, again in zip(pictures(), pictures(), strict=True):
        np.testing.assert_array_equal(first, again)


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
        case ImageArtifact(_, pixels):
            assert pixels.dtype == np.uint8
            assert pixels.ndim == 3
            assert pixels.shape[2] == 3
        case ArraysArtifact(_, arrays):
            assert all(values.dtype.kind in "iufU" for values in arrays.values())
        case TableArtifact(_, columns):
            assert len({len(column) for column in columns.values()}) == 1
