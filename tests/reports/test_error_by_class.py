"""The distribution of a metric over the images of each class."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.reports.error_by_class import MAX_CLASSES, ErrorByClass
from tests.support.evaluations import evaluation

REPORT = ErrorByClass(metric="psnr")
PLANE = replace(evaluation("plane"), labels=np.arange(40) % 2, class_names=("even", "odd"))


def test_the_table_has_the_mean_of_each_class_the_best_first():
    _, table = REPORT(replace(PLANE, metrics={"psnr": np.where(np.arange(40) % 2, 30.0, 20.0)}))
    assert table.columns == {
        "class": ["odd", "even"],
        "images": [20, 20],
        "mean psnr": [30.0, 20.0],
        "median psnr": [30.0, 20.0],
    }


def test_of_an_error_the_least_comes_first():
    judged = replace(PLANE, metrics={"mse": np.where(np.arange(40) % 2, 0.3, 0.2)})
    _, table = replace(REPORT, metric="mse")(judged)
    assert table.columns["class"] == ["even", "odd"]


def test_without_classes_there_is_nothing_to_show():
    assert [*REPORT(evaluation("without labels"))] == []


def test_of_many_classes_the_worst_are_shown():
    names = tuple(f"class {place}" for place in range(40))
    judged = replace(PLANE, labels=np.arange(40), class_names=names, metrics={"psnr": np.arange(40.0)})
    item, table = REPORT(judged)
    labels = [label.get_text() for label in item.figure.axes[0].get_yticklabels()]
    assert labels == [f"class {place} (1)" for place in range(MAX_CLASSES)]
    assert len(table.columns["class"]) == 40


@pytest.mark.parametrize("metrics", [{}, {"psnr": np.full(40, np.nan)}])
def test_nothing_that_is_not_measured(metrics):
    assert [*REPORT(replace(PLANE, metrics=metrics))] == []
