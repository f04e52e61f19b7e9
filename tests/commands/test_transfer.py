"""`aeexp transfer` on runs of this test."""

import mlflow
import pytest

from tests.conftest import TINY
from tests.test_train import BARE, files_of, recorded

QUICK = ("baseline=[input]", "limit=20")


@pytest.fixture
def ids(aeexp, store):
    for dataset in ("mnist", "shapes"):
        words = (f"dataset={dataset}", "corruption=noise", "baseline=none")
        assert aeexp("train", *TINY, *BARE, *words).code == 0
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
