"""The folder of all runs: one key or one variable decides where everything is written."""

import shutil
from pathlib import Path

import pytest
import yaml
from omegaconf import OmegaConf

from aeexp.cli.main import COMMANDS
from aeexp.config.paths import mlruns
from tests.support.stores import folder_of, recorded
from tests.support.trainings import BARE, SHAPES, TINY

TRAIN = ("train", *TINY, *BARE, *SHAPES)


@pytest.fixture
def home(store, tmp_path) -> Path:
    """Another folder with a database, which takes long to create."""
    shutil.move(store, tmp_path / "other place")
    return tmp_path / "other place"


def test_the_default(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/user")
    monkeypatch.delenv("AEEXP_HOME", raising=False)
    monkeypatch.setattr("aeexp.config.paths.CHECKOUT", None)
    assert mlruns() == f"{tmp_path}/mlruns"
    monkeypatch.setattr("aeexp.config.paths.CHECKOUT", Path("/checkout"))
    assert mlruns() == "/checkout/mlruns"
    monkeypatch.setenv("AEEXP_HOME", "~/runs")
    assert mlruns() == "/user/runs"
    assert mlruns("here/../there") == f"{tmp_path}/there"
    assert mlruns("~/x") == "/user/x"


@pytest.mark.parametrize("by", ["key", pytest.param("variable", marks=pytest.mark.slow)])
def test_everything_is_written_there_and_found_again(aeexp, home, monkeypatch, tmp_path, by):
    words = ["home=other place"] if by == "key" else []
    if by == "variable":
        monkeypatch.setenv("AEEXP_HOME", "other place")
    before = set(tmp_path.iterdir())
    assert aeexp(*TRAIN, *words).code == 0
    (run,) = recorded(home)
    assert folder_of(run).is_relative_to(home / "artifacts")
    assert (home / "hydra" / "train.log").exists()
    assert set(tmp_path.iterdir()) == before
    assert not any("other place" in value and name not in PLACES for name, value in run.data.params.items())
    assert "home" not in run.data.params
    assert "home" not in run.info.run_name
    assert "home" not in yaml.safe_load((folder_of(run) / "config.yaml").read_text())
    ended = aeexp("resume", "run=latest", "trainer.epochs=2", *words)
    assert ended.code == 0, ended.err
    assert set(tmp_path.iterdir()) == before


PLACES = ("tracking.folder", "trainer.checkpoints", "comparison.cache")


@pytest.mark.slow
def test_a_sweep_is_the_same_wherever_its_runs_are(aeexp, home, tmp_path):
    sweep = (*TRAIN[:1], "-m", *TRAIN[1:], "seed=0,1")
    assert aeexp(*sweep, f"home={home}").code == 0
    moved = home.rename(tmp_path / "moved")
    ended = aeexp(*sweep, f"home={moved}")
    assert "2 of 2 jobs have finished before" in ended.out, ended
    assert {path.name for path in tmp_path.iterdir()} == {"moved"}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_the_key_and_says_so(aeexp, command):
    assert "home=FOLDER" in aeexp(command, "--help").out
    assert "AEEXP_HOME" in aeexp("--help").out
    config = OmegaConf.create(aeexp(command, "--cfg", "job", "home=~/x").out)
    assert config.home == "~/x"


def test_a_home_that_cannot_be_made(aeexp, tmp_path):
    (tmp_path / "file").touch()
    ended = aeexp("train", f"home={tmp_path}/file/x")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith(f"error: cannot write to {tmp_path}/file")


def test_the_experiment_of_the_environment(aeexp, store, monkeypatch):
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "mine")
    assert "experiment: mine" in aeexp("runs", "--cfg", "job", "--resolve").out
    assert "experiment: yours" in aeexp("runs", "--cfg", "job", "--resolve", "tracking.experiment=yours").out
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "")
    assert aeexp("register", "run=latest", "name=mine").err.startswith("error: tracking.experiment: it needs a name.")
