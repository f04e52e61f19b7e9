"""`aeexp transfer`: runs judged on several data sets."""

import mlflow
import pytest

from tests.support.stores import copy_store, files_of, recorded
from tests.support.trainings import DENOISER

QUICK = ("baseline=[input]", "limit=20")


@pytest.fixture
def run_id(trained_stores, store) -> str:
    """A denoiser of digits, in a store that a test may add to."""
    copy_store(trained_stores.after(DENOISER), store)
    return recorded(store)[0].info.run_id[:12]


def test_every_run_on_every_data_set(aeexp, store, run_id):
    assert aeexp(*DENOISER, "dataset=shapes", "dataset.binarization=static", "metric=[psnr,active_units]").code == 0
    binary = next(run for run in recorded(store) if "test/active_units" in run.data.metrics)
    runs = f"runs=[{run_id},{binary.info.run_id[:12]}]"
    ended = aeexp("transfer", runs, "datasets=[mnist,shapes]", "baseline=[input]", "limit=40")
    assert f"shapes {binary.info.run_id[:4]} was trained on black and white images and given such (static)" in ended.out
    assert ended.code == 0
    (head,) = (line for line in ended.out.splitlines() if "data set " in line)
    assert [cell.strip() for cell in head.split("┃")[3:7]] == ["network PSNR", "SSIM", "best baseline", "its PSNR"]
    (run,) = (each for each in recorded(store) if each.data.tags["aeexp.kind"] == "transfer")
    rows = mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/tables/transfer.json")
    assert [row[1] for row in rows["data"]] == ["mnist", "shapes"] * 2
    assert len({row[2] for row in rows["data"]}) == 4
    assert rows["data"][3][2] == pytest.approx(binary.data.metrics["test/psnr"], rel=1e-4)  # of the same images
    assert all(row[4] == "input" for row in rows["data"])
    assert files_of(run) >= {"figures/transfer.png", "figures/transfer_heat_map.png"}


def test_an_unknown_data_set_is_refused_with_the_name_that_was_meant(aeexp, run_id):
    ended = aeexp("transfer", f"runs=[{run_id}]", "datasets=[minst]", *QUICK)
    assert ended.code == 2
    assert "'mnist'" in ended.err
