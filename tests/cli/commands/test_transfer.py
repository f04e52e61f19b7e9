"""`aeexp transfer` on runs of this test."""

import shutil
from pathlib import Path

import mlflow
import pytest

from tests.cli.commands.test_train import BARE, files_of, recorded
from tests.conftest import TINY, command_line

QUICK = ("baseline=[input]", "limit=20")


@pytest.fixture(scope="module")
def trained(database_made_once, tmp_path_factory) -> Path:
    """A store with a run on each of two data sets."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        run = command_line(patch, folder)
        for dataset in ("mnist", "shapes"):
            run("train", *TINY, *BARE, f"dataset={dataset}", "corruption=noise")
    return folder / "mlruns"


@pytest.fixture
def ids(trained, store) -> list[str]:
    """The runs in a copy of their store that a test may add to."""
    shutil.copytree(trained, store)
    return [run.info.run_id[:12] for run in recorded(store)]


def test_every_run_on_every_data_set(aeexp, store, ids):
    ended = aeexp("transfer", f"runs=[{','.join(ids)}]", "datasets=[mnist,shapes]", *QUICK)
    assert ended.code == 0
    (run,) = (each for each in recorded(store) if each.data.tags["aeexp.kind"] == "transfer")
    rows = mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/tables/transfer.json")
    assert [row[1] for row in rows["data"]] == ["mnist", "shapes"] * 2
    assert len({row[2] for row in rows["data"]}) == 4
    assert all(row[4] == "input" for row in rows["data"])
    assert files_of(run) >= {"figures/transfer.png", "figures/transfer_heat_map.png"}


def test_unknown_data_set(aeexp, ids):
    ended = aeexp("transfer", f"runs=[{ids[0]}]", "datasets=[minst]", *QUICK)
    assert ended.code == 2
    assert "'mnist'" in ended.err
