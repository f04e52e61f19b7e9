"""Figures, table and numbers of a transfer."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from aeexp.runs.transfer import TransferResult, transfer_artifacts
from aeexp.tracking.artifacts import FigureArtifact, Scalar, TableArtifact
from tests.support.figures import HARD_NAMES, check_nothing_is_cut_off

IMAGES = dict.fromkeys(("input", "output", "target"), np.zeros((6, 28, 28, 1)))
CELL = TransferResult("mnist dd73", "shapes", 15.0, 0.5, "non_local_means", 14.0, 1.5, IMAGES)
UNCORRUPTED = replace(CELL, baseline=None, baseline_psnr=None, gain=None)
UNMEASURED = replace(UNCORRUPTED, psnr=None, ssim=None)


def figures(*cells: TransferResult) -> list[Figure]:
    """The pictures, and the heat map."""
    return [item.figure for item in transfer_artifacts(cells, ("png",)) if isinstance(item, FigureArtifact)]


@pytest.mark.parametrize("runs", [["mnist dd73"], ["fashion_mnist dd73", "fashion_mnist 5e6f"], HARD_NAMES[:9]])
@pytest.mark.parametrize("datasets", [["fashion_mnist"], ["mnist", "fashion_mnist", "cifar10"]])
def test_any_names_have_room(runs, datasets):
    cells = [replace(CELL, run=run, dataset=data) for run in runs for data in datasets]
    pictures, heat_map = figures(*cells)
    for figure in (pictures, heat_map):
        check_nothing_is_cut_off(figure)
    assert "15.0 dB, +1.5 dB against non local means" in pictures.axes[0].get_title()


@pytest.mark.parametrize("cell", [UNCORRUPTED, UNMEASURED])
def test_what_is_not_measured_is_no_number(cell):
    items = transfer_artifacts([cell, replace(CELL, dataset="mnist")], ("png",))
    (table,) = (item for item in items if isinstance(item, TableArtifact))
    assert table.columns["baseline"] == [None, "non_local_means"]
    assert table.columns["baseline_psnr"] == [None, 14.0]
    assert all(np.isfinite(item.value) for item in items if isinstance(item, Scalar))
    for figure in figures(cell):
        figure.draw_without_rendering()
        texts = [text.get_text() for axes in figure.axes for text in (axes.title, *axes.texts)]
        assert texts
        assert not any(word in text for text in texts for word in ("nan", "none", "None"))


def test_metrics_have_names_that_stores_take():
    (scalar,) = (
        item for item in transfer_artifacts([replace(CELL, dataset="a&b[$]")], ("png",)) if isinstance(item, Scalar)
    )
    assert scalar.name == "transfer/mnist dd73/a_b___/psnr"


def test_figures_have_the_chosen_formats():
    items = transfer_artifacts([CELL], ("pdf", "svg"))
    assert {item.formats for item in items if isinstance(item, FigureArtifact)} == {("pdf", "svg")}
