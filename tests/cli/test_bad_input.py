"""What is wrong is said in one line before anything is trained, and nothing is left behind."""

import shutil

import numpy as np
import psutil
import pytest

from aeexp.datasets import mnist
from tests.support.processes import run
from tests.support.stores import copy_store, count_runs
from tests.support.trainings import DENOISER, TINY


@pytest.fixture
def refused(aeexp, store):
    """Runs a training that must be refused, and gives the line that says why."""

    def train(*arguments: str) -> str:
        ended = aeexp("train", *TINY, *arguments)
        assert ended.code == 2, ended
        assert ended.out == ""
        assert ended.err.startswith("error: ")
        assert ended.err.count("\n") == 1
        assert count_runs(store) == 0
        return ended.err

    return train


@pytest.mark.parametrize(
    ("arguments", "hints"),
    [
        (["corruption=noise", "corruption.noise.std=-1"], ["corruption.noise", "`std`", "at least 0", "std=-1"]),
        (["corruption=noise", "corruption.noise.std=big"], ["corruption.noise.std", "big"]),
        (["model.latent_dim=0"], ["`latent_dim`", "at least 1", "latent_dim=0"]),
        (["trainer.epochs=0"], ["trainer", "`epochs`", "at least 1", "epochs=0"]),
        (["trainer.epochs=2.5"], ["trainer.epochs", "2.5"]),
        (["trainer.batch_size=0"], ["`batch_size`", "at least 1"]),
        (["trainer.threads=0"], ["`threads`", "at least 1"]),
        (["trainer.monitor=val/los"], ["`monitor`", "val/loss"]),
        (["trainer.resample=never"], ["`resample`", "epoch or once"]),
        (["optimizer.learning_rate=-0.1"], ["`learning_rate`", "above 0"]),
        (["loss=kl"], ["loss.kl", "needs the outputs kl", "model/bottleneck=gaussian"]),
        (["loss=[]"], ["at least one term", "loss=bce"]),
        (["loss.bce.weight=-1"], ["loss.bce", "`weight`", "at least 0"]),
        (["corruption=downscale", "corruption.downscale.factor=3"], ["`factor`", "28×28", "2, 4, 7"]),
        (["dataset.limit=0"], ["`limit`", "at least 1"]),
        (["probes=[-1]"], ["probes", "start at 0"]),
        (["report.reconstructions.every=0"], ["`every`", "at least 1"]),
        (["+corruption.mine._target_=nowhere.Mine"], ["corruption.mine", "nowhere.Mine"]),
        (["+corruption.mine._target_=collections.OrderedDict"], ["corruption.mine", "Corruption"]),
    ],
)
def test_values_that_cannot_be(refused, arguments, hints):
    line = refused(*arguments)
    assert all(hint in line for hint in hints), line


def test_a_batch_that_memory_cannot_hold(refused, monkeypatch):
    little = psutil.virtual_memory()._replace(available=10**6)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: little)
    assert "a batch of 16 images needs more than" in (line := refused())
    assert "try trainer.batch_size=4." in line


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no archive at all"])
def test_damaged_data_file(refused, tmp_path, monkeypatch, content):
    file = tmp_path / "mnist.npz"
    file.write_bytes(content)
    monkeypatch.setattr(mnist, "FILE", file)
    assert str(file) in refused()


def test_data_of_the_wrong_kind(refused, tmp_path, monkeypatch):
    file = tmp_path / "mnist.npz"
    labels = np.zeros(3, np.int64)
    np.savez(file, x_train=np.zeros((3, 4)), y_train=labels, x_test=np.zeros((3, 4)), y_test=labels)
    monkeypatch.setattr(mnist, "FILE", file)
    assert "uint8" in refused()


GREY = np.random.default_rng(0).integers(0, 256, (8, 28, 28), np.uint8)


@pytest.mark.parametrize(
    ("images", "hint"),
    [
        (GREY[0], "Received [28, 28]; reshape"),
        (GREY.astype(np.int64), "Received int64 from 0 to 255; rescale"),
        (np.full((8, 28, 28), np.nan), "Received float64 from nan to nan; rescale them and replace NaN"),
        (GREY[:1], "at least two images, to train and test on. Received 1; add more"),
        (GREY[:0], "at least one image and 1 or 3 channels. Received [0, 28, 28]"),
        (None, "is damaged or is not an .npz file of plain arrays"),
    ],
    ids=["shape", "dtype", "NaN", "one image", "no image", "cut short"],
)
def test_own_arrays_that_cannot_be_read(refused, tmp_path, images, hint):
    file = tmp_path / "meine Daten (ä).npz"
    np.savez(file, images=GREY if images is None else images)
    if images is None:
        file.write_bytes(file.read_bytes()[:-50])
    line = refused("dataset=arrays", f"dataset.path={file}")
    assert str(file) in line
    assert hint in line


def test_unwritable_tracking_folder(refused, tmp_path):
    (tmp_path / "file").touch()
    line = refused(f"tracking.folder={tmp_path}/file/mlruns")
    assert "tracking" in line
    assert "writable" in line


def test_dead_tracking_server(refused):
    line = refused("tracking.uri=http://127.0.0.1:9")
    assert "http://127.0.0.1:9" in line
    assert "MLFLOW_TRACKING_URI" in line


def test_unwritable_folder_of_runs(aeexp, store):
    shutil.rmtree(store)
    store.touch()
    ended = aeexp("train", *TINY, "tracking=memory")
    assert ended.code == 2
    assert ended.err.startswith(f"error: cannot write to {store}")


READ_ONLY = """
import ctypes, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)  # by which root writes wherever it likes
import os
os.execv(sys.executable, [sys.executable, "-c", '''
from aeexp.config import paths
paths.CHECKOUT = None
from aeexp.cli.main import main
main()''', *sys.argv[1:]])
"""
"""A command that cannot write where its user may not."""


@pytest.mark.parametrize("content", ["nothing", pytest.param("a run", marks=pytest.mark.slow)])
def test_read_only_folder_of_runs(tmp_path, trained_stores, content):
    store = tmp_path / "mlruns"
    if content == "a run":
        copy_store(trained_stores.after(DENOISER), store)
    else:
        store.mkdir()
    places = [store, *store.rglob("*")]
    before = {place: place.is_file() and place.read_bytes() for place in places}
    for place in places:
        place.chmod(0o555)
    done = run("train", *TINY, program=("-c", READ_ONLY), cwd=tmp_path)
    for place in places:
        place.chmod(0o755)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert done.stderr.startswith("error: ")
    assert str(store) in done.stderr
    assert "writable" in done.stderr
    assert {place: place.is_file() and place.read_bytes() for place in [store, *store.rglob("*")]} == before


def test_bad_value_in_a_sweep(aeexp, store):
    ended = aeexp("train", "-m", *TINY, "model.latent_dim=-1,0")
    assert ended.code == 2
    assert "`latent_dim` must be at least 1" in ended.err
    assert count_runs(store) == 0


@pytest.mark.parametrize("command", [("runs",), ("register", "run=latest", "name=mine"), ("ui",)])
def test_commands_that_need_mlflow_say_so(aeexp, command):
    assert "only MLflow" in aeexp(*command, "tracking=memory").err
