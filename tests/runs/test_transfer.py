import numpy as np
import pytest

from aeexp.runs.transfer import TransferResult, transfer_artifacts
from aeexp.tracking.artifacts import FigureArtifact
from tests.support.figures import check_nothing_is_cut_off

IMAGES = dict.fromkeys(("input", "output", "target"), np.zeros((6, 28, 28, 1)))


@pytest.mark.parametrize("runs", [["mnist dd73"], ["fashion_mnist dd73", "fashion_mnist 5e6f"]])
@pytest.mark.parametrize("datasets", [["fashion_mnist"], ["mnist", "fashion_mnist", "cifar10"]])
def test_long_names_have_room(runs, datasets):
    cells = [
        TransferResult(run, data, 15.0, 0.5, "non_local_means", 14.0, 1.5, IMAGES) for run in runs for data in datasets
    ]
    pictures, heat_map = (item.figure for item in transfer_artifacts(cells) if isinstance(item, FigureArtifact))
    for figure in (pictures, heat_map):
        check_nothing_is_cut_off(figure)
    assert "15.0 dB, +1.5 dB against non local means" in pictures.axes[0].get_title()
