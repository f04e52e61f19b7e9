"""A store recorded by an older version still lists, predicts, evaluates, resumes, reproduces, and keeps its sweeps."""

import re
import sqlite3
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

STORES = sorted((Path(__file__).parent / "fixtures").glob("store-*.tar.xz"))
RECORDED_AT = "/tmp/aeexp-store/mlruns"
TRAININGS = ("noise", "dense", "vae", "chain")
SWEEP = (
    *("dataset=shapes", "dataset.image_shape=[12,12,1]", "dataset.train_size=60", "dataset.test_size=30"),
    *("dataset.limit=60", "trainer.epochs=2", "trainer.batch_size=20", "probes=[0,3,5]", "baseline=[input]"),
    *("comparison.images=20", "model=dense_ae", "model.architecture.units=[8]", "model.latent_dim=2,3", "seed=0,1"),
    "report=keepsake",
)
"""The sweep of `fixtures/make_store.sh`, as it was typed then."""


@pytest.fixture(params=STORES, ids=lambda path: path.stem)
def old_store(request, store) -> Path:
    """The unpacked store in the place of the user's own."""
    with tarfile.open(request.param) as members:
        members.extractall(store.parent, filter="data")
    with sqlite3.connect(store / "mlflow.db") as database:
        for table, column in (("experiments", "artifact_location"), ("runs", "artifact_uri")):
            database.execute(f"UPDATE {table} SET {column} = replace({column}, '{RECORDED_AT}', '{store}')")
    database.close()
    return store


def ids(store: Path) -> dict[str, str]:
    with sqlite3.connect(store / "mlflow.db") as database:
        found = dict(database.execute("SELECT name, run_uuid FROM runs"))
    database.close()
    return found


def test_lists_all_runs(aeexp, old_store):
    ended = aeexp("runs", "sort=test/psnr")
    assert ended.code == 0, ended.err
    assert all(name in ended.out for name in (*TRAININGS, "evaluate", "sweep"))
    assert len(re.findall(r"^ ?[0-9a-f]{8} ", ended.out, re.MULTILINE)) == 10


def test_predicts_and_evaluates(aeexp, old_store, tmp_path):
    Image.fromarray(np.tile(np.uint8([[0, 255], [255, 0]]), (14, 14))).save(tmp_path / "picture.png")
    for name in TRAININGS:
        ended = aeexp("predict", f"run={ids(old_store)[name]}", "images=picture.png", f"output={name}", "corrupt=true")
        assert (ended.code, ended.err) == (0, ""), name
        assert (tmp_path / name / "picture.png").exists()
    ended = aeexp("evaluate", f"run={ids(old_store)['vae']}")
    assert ended.code == 0, ended.err


def test_resumes(aeexp, old_store):
    for name in ("noise", "vae"):
        ended = aeexp("resume", f"run={ids(old_store)[name]}", "trainer.epochs=3")
        assert ended.code == 0, ended.err
        assert "epoch 3/3" in ended.out
        assert "epoch 2/3" not in ended.out


@pytest.mark.parametrize("name", TRAININGS)
def test_reproduces(aeexp, old_store, name):
    ended = aeexp("reproduce", f"run={ids(old_store)[name]}", "tolerance=1e-4")
    assert ended.code == 0, ended.out + ended.err
    assert "PASS" in ended.out


def test_a_finished_sweep_is_not_trained_again(aeexp, old_store):
    before = ids(old_store)
    ended = aeexp("train", "-m", *SWEEP)
    assert (ended.code, ended.err) == (0, "")
    assert "4 of 4 jobs have finished before" in ended.out
    assert ids(old_store) == before
