"""Layout of a list of runs: what gives way in a narrow terminal."""

import pytest

from aeexp.listing.columns import Columns
from aeexp.listing.layout import runs_table
from aeexp.listing.row import Row
from tests.support.run_infos import NOW, run_info

METRICS = {"test/psnr": 26.123456, "test/mse": 0.012345, "val/loss": 123.456789, "gain/psnr": 1.5}
PARAMS = {"model": "conv_ae", "dataset": "fashion_mnist", "corruption": "noise", "trainer.monitor": "val/loss"}
NAMES = [f"photo_denoiser_of_a_large_kernel_{end}" for end in "abc"]


@pytest.mark.parametrize("sort", [None, "test/psnr", "test/mse"])
@pytest.mark.parametrize("width", [80, 100, 110])
def test_the_main_metric_is_shown_and_names_differ(width, sort):
    rows = [
        Row.from_run(run_info(name, params={**PARAMS, "model.latent_dim": str(size)}, metrics=METRICS))
        for size, name in enumerate(NAMES)
    ]
    columns = Columns(rows, rows, NOW)
    text, left_out = runs_table(columns.chosen(columns.default(sort, grouped=False)), rows, width)
    head, *lines = text.splitlines()
    assert {sort or "test/psnr", "gain"} <= set(head.split())
    assert "test/psnr" not in left_out
    assert all(len(line) <= width for line in lines)
    assert len({line[10:40].split("  ")[0] for line in lines}) == 3
