"""A store recorded by an older version still lists, predicts, evaluates, resumes, reproduces, and keeps its sweeps."""

import re
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.stores import copy_store, folder_of, recorded, run_named

STORES = sorted((Path(__file__).parent / "fixtures").glob("store-*.tar.xz"))
MAIN, OTHERS = ("noise", "vae"), ("dense", "chain")
TRAININGS = (*MAIN, *OTHERS)
SWEEP = (
    *("dataset=shapes", "dataset.image_shape=[12,12,1]", "dataset.train_size=60", "dataset.test_size=30"),
    *("dataset.limit=60", "trainer.epochs=2", "trainer.batch_size=20", "probes=[0,3,5]", "baseline=[input]"),
    *("comparison.images=20", "model=dense_ae", "model.architecture.units=[8]", "model.latent_dim=2,3", "seed=0,1"),
    "report=keepsake",
)
"""The sweep of `fixtures/make_store.sh`, as it was typed then."""


@pytest.fixture(params=STORES, ids=lambda path: path.stem, scope="module")
def unpacked(request, tmp_path_factory) -> Path:
    """A store as it was recorded."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(request.param) as members:
        members.extractall(folder, filter="data")
    return folder / "mlruns"


@pytest.fixture
def old_store(unpacked, store) -> Path:
    """A copy of it in the place of the user's own."""
    copy_store(unpacked, store)
    return store


def test_is_found_where_it_is_now(aeexp, unpacked, store):
    shutil.rmtree(store)
    shutil.copytree(unpacked, store)
    ended = aeexp("runs")
    assert ended.code == 0, ended.err
    assert ended.err.count("\n") == 1
    assert ended.err.endswith(f"to {store}; its records now point to {store}\n")
    assert {folder_of(run).parents[1] for run in recorded(store)} == {store / "artifacts"}
    assert aeexp("runs").err == ""


def test_lists_all_runs(aeexp, old_store):
    ended = aeexp("runs", "sort=test/psnr", "expand=true")
    assert ended.code == 0, ended.err
    assert all(name in ended.out for name in (*TRAININGS, "evaluate", "sweep", "best of 4 jobs"))
    assert all(option in ended.out for option in ("conv_ae", "dense_vae", "residual", "downscale+noise", "mse+kl"))
    assert len(re.findall(r"^ ?[0-9a-f]{8} ", ended.out, re.MULTILINE)) == 10


@pytest.mark.parametrize("name", TRAININGS)
def test_predicts(aeexp, old_store, tmp_path, name):
    Image.fromarray(np.tile(np.uint8([[0, 255], [255, 0]]), (14, 14))).save(tmp_path / "picture.png")
    run = f"run={run_named(old_store, name).info.run_id}"
    ended = aeexp("predict", run, "images=picture.png", "output=restored", "corrupt=true")
    assert (ended.code, ended.err) == (0, "")
    assert (tmp_path / "restored" / "picture.png").exists()


def test_evaluates(aeexp, old_store):
    ended = aeexp("evaluate", f"run={run_named(old_store, 'vae').info.run_id}")
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("name", MAIN)
def test_resumes(aeexp, old_store, name):
    run = f"run={run_named(old_store, name).info.run_id}"
    ended = aeexp("resume", run, "trainer.epochs=3", "tracking.log_model=false")
    assert ended.code == 0, ended.err
    assert "epoch 3/3" in ended.out
    assert "epoch 2/3" not in ended.out


@pytest.mark.parametrize("name", [*MAIN, *(pytest.param(each, marks=pytest.mark.slow) for each in OTHERS)])
def test_reproduces(aeexp, old_store, name):
    run = f"run={run_named(old_store, name).info.run_id}"
    ended = aeexp("reproduce", run, "tolerance=1e-4", "tracking.log_model=false")
    assert ended.code == 0, ended.out + ended.err
    assert "PASS" in ended.out


def test_a_finished_sweep_is_not_trained_again(aeexp, old_store):
    before = [run.info.run_id for run in recorded(old_store)]
    for _ in range(2):
        ended = aeexp("train", "-m", *SWEEP)
        assert (ended.code, ended.err) == (0, "")
        assert "goes on with a sweep of an older version: dataset.split.validation=test" in ended.out
        assert "4 of 4 jobs have finished before" in ended.out
        assert [run.info.run_id for run in recorded(old_store)] == before
