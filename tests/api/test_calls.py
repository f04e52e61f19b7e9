"""Trainings, sweeps and lists from a program."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig

import aeexp
from aeexp.config.paths import CONF
from aeexp.errors import ConfigError, DataError, RunNotFoundError
from tests.support.own_components import InterruptOnce
from tests.support.trainings import BARE, SHAPES, SWEEP, TINY

TRAINING = (*TINY, *BARE, *SHAPES, "trainer.epochs=2")
IMAGES = np.random.default_rng(0).integers(0, 256, (40, 8, 8)).astype(np.uint8)


def history(run: aeexp.Run) -> dict:
    return run.history.to_dict()


def test_a_program_trains_what_the_command_does(aeexp, store):
    import aeexp as package

    assert aeexp("train", *TRAINING).code == 0
    by_command, *rest = (package.load("latest", home=store), package.train(*TRAINING, home=store, quiet=True))
    again = package.train({key: value for key, _, value in (word.partition("=") for word in TRAINING)}, home=store)
    for run in (*rest, again):
        assert history(run) == history(by_command)
        assert run.config == by_command.config


def test_a_training_changes_nothing_of_the_program(store):
    keras.config.set_dtype_policy("mixed_bfloat16")
    keras.utils.enable_interactive_logging()
    np.random.seed(3)
    expected = np.random.RandomState(3).random()
    described = HydraConfig.instance().cfg
    try:
        with initialize_config_dir(str(CONF / "schedule"), version_base="1.3"):
            application = GlobalHydra.instance().hydra
            aeexp.train(*TRAINING, home=store, quiet=True)
            assert GlobalHydra.instance().hydra is application
            assert compose("cosine")
        assert HydraConfig.instance().cfg is described
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
        assert keras.config.is_interactive_logging_enabled()
        assert np.random.random() == expected
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.slow
def test_an_interrupted_training_goes_on_to_the_same_numbers(store, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("aeexp.api.training.in_notebook", lambda: True)
    monkeypatch.setattr("aeexp.runs.next_steps.in_notebook", lambda: True)
    with pytest.raises(KeyboardInterrupt):
        aeexp.train(*TRAINING, callback=InterruptOnce(str(tmp_path / "came")), home=store, quiet=True)
    killed = aeexp.load("latest", home=store, unfinished=True, allow=["tests.support.own_components"])
    assert f'aeexp.load("{killed.id[:8]}", unfinished=True).resume() goes on' in capsys.readouterr().out
    assert killed.status == "killed"
    resumed = killed.resume(quiet=True)
    assert resumed.status == "finished"
    assert history(resumed) == history(aeexp.train(*TRAINING, home=store, quiet=True))


def test_arrays_are_trained_on(store):
    run = aeexp.train(*TINY, *BARE, "probes=[0]", dataset=(IMAGES, IMAGES[:10]), home=store, quiet=True)
    assert run.encode(IMAGES[:3]).shape[0] == 3
    assert run.evaluate(report="none", baseline="none").metrics["test/psnr"] == run.metrics["test/psnr"]


def test_runs_in_memory_are_used_as_others(tmp_path):
    words = [word for word in TRAINING if not word.startswith("tracking.")]
    run = aeexp.train(*words, "trainer.epochs=1", tracking="memory", home=tmp_path, quiet=True)
    assert run.metrics["val/psnr"] > 0
    assert run.resume(epochs=2, quiet=True).history.index.max() == 2
    assert run.restore(IMAGES[0]).shape == (8, 8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: aeexp.train("model.latnt_dim=2"), "Did you mean 'model.latent_dim'"),
        (lambda: aeexp.train(trainer__epochs="two"), "must be a whole number"),
        (lambda: aeexp.train(trainer__epochs=0), "epochs"),
        (lambda: aeexp.train(model=[1, 2]), "no such option"),
        (lambda: aeexp.train(dataset="mnits"), "Did you mean 'mnist'"),
        (lambda: aeexp.sweep("model.latent_dim=2"), "a sweep needs several values"),
        (lambda: aeexp.sweep("seed=0,1", "model=dense_aee"), "Did you mean 'dense_ae'"),
        (lambda: aeexp.train("seed=0,1"), r'is made by aeexp\.sweep\("seed=0,1"\)'),
        (lambda: aeexp.train("-m", "seed=0,1"), "aeexp.sweep takes several values"),
        (lambda: aeexp.train({"trainer__epochs": "two"}), "trainer.epochs: must be a whole number"),
        (lambda: aeexp.train("trainer__epochs=1"), "Did you mean 'trainer.epochs'"),
        (lambda: aeexp.train({3: 4}), "the keys of a mapping are text"),
        (lambda: aeexp.train(dataset=[1, 2, 3]), "dataset: arrays of NumPy are given as"),
        (lambda: aeexp.train(dataset={"x_test": IMAGES}), "x_train is needed"),
        (lambda: aeexp.load(None), "run: must be given.*for example, run=latest"),
        (lambda: aeexp.load(["latest"]), "run: takes one value.*for example, run=latest"),
        (lambda: aeexp.runs(limit="a"), "limit: must be a whole number"),
        (lambda: aeexp.runs(limit=-1), "limit: it must be from 1 to"),
        (lambda: aeexp.runs(columns=["name"]), "columns: is for the table of aeexp runs"),
        (lambda: aeexp.runs("format=csv"), "format: is for the table of aeexp runs"),
        (lambda: aeexp.options("modl"), "Did you mean 'model'"),
        (lambda: aeexp.runs(sort="psnr"), "val/psnr"),
    ],
)
def test_mistakes_are_explained_as_on_the_command_line(call, message, tmp_path, monkeypatch):
    monkeypatch.setenv("AEEXP_HOME", str(tmp_path / "runs"))
    with pytest.raises((ConfigError, DataError), match=message) as error:
        call()
    assert "\n" not in str(error.value)
    assert not (tmp_path / "runs" / "mlflow.db").exists()


def test_runs_are_listed_with_the_settings_in_which_they_differ(trained_stores):
    home = trained_stores.after(SWEEP)
    table = aeexp.runs(home=home, sort="val/psnr")
    assert table.index.name == "id"
    assert set(table["latent_dim"]) == {2, 4}
    assert "epochs" not in table
    assert table["val/psnr"].is_monotonic_decreasing
    assert len(aeexp.runs(home=home, limit=1)) == 1
    assert list(aeexp.runs("sort=val/psnr", "limit=2", home=home).index) == list(table.index[:2])
    assert list(aeexp.runs(home=home, kind="sweep")["state"]) == ["finished"]


def test_a_store_without_runs_gives_an_empty_table(tmp_path):
    assert aeexp.runs(home=tmp_path).empty
    with pytest.raises(RunNotFoundError):
        aeexp.load(home=tmp_path)


def test_a_sweep_goes_on_from_that_of_the_command(trained_stores, tmp_path, capsys):
    from tests.support.stores import copy_store

    copy_store(trained_stores.after(SWEEP), tmp_path / "mlruns")
    found = aeexp.sweep(*SWEEP[2:], home=tmp_path / "mlruns")
    assert "4 of 4 jobs have finished before" in capsys.readouterr().out
    assert set(found.table["latent_dim"]) == {2, 4}
    assert found.best.metrics["val/psnr"] == max(
        found.runs["val/psnr"][found.runs["model.latent_dim"] == found.table["latent_dim"][0]]
    )
    assert os.path.exists(found.report)
    assert found.figures["comparison"].size[0] > 100
    assert found.summary in found._repr_html_()


@pytest.mark.parametrize("package", ["corruptions", "datasets", "losses", "metrics", "models", "reports"])
def test_packages_list_their_components(package):
    found = getattr(aeexp, package)()
    assert all(found.values())
    group = {"losses": "loss"}.get(package, package.removesuffix("s"))
    assert set(found) == {path.stem for path in (CONF / group).glob("*.yaml")}


MEMORY = """
import gc, resource, sys
import aeexp

def megabytes():
    gc.collect()
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6

def train():
    aeexp.train(*sys.argv[2:], home=sys.argv[1], quiet=True)

for _ in range(8):
    train()
before = megabytes()
for _ in range(20):
    train()
print(megabytes() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_twenty_trainings_take_no_more_memory_than_one(store):
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, store, *TRAINING],
        env={**os.environ, "MALLOC_ARENA_MAX": "2"},  # or each thread keeps memory of its own, the more the busier
        capture_output=True,
        text=True,
        check=True,
        timeout=500,
    )
    assert float(done.stdout.split()[-1]) < 50
