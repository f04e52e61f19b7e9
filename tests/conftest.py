"""What tests of the whole command line share."""

import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import absl.logging
import joblib
import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig, OmegaConf

from aeexp.cli.main import main
from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.runtime.tensorflow import choose_onednn

choose_onednn()  # before any test imports TensorFlow

# A scheduler may start the tests with Ctrl-C ignored, and so what they start; a handler here is default there.
signal.signal(signal.SIGINT, signal.default_int_handler)

# When Hydra sets up its logging, this handler closes a stream that it takes for its own: pytest's.
absl.logging.get_absl_handler().python_handler.stream = sys.__stderr__

MOST_PROCESSES = 4
"""Of tests at the same time: each of them needs more than a gigabyte for TensorFlow."""

TINY = ("dataset.limit=40", "trainer.epochs=1", "trainer.batch_size=16", "probes=[0,3,5]")
"""A training of a second."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many processes as the machine has cores; one for single files, which end before a second could help."""
    if all(".py" in argument for argument in config.args):
        return 0
    return min(joblib.cpu_count(), MOST_PROCESSES)


@pytest.fixture(scope="session")
def database_made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """MLflow takes a second to create a database: it does so once, and the stores of these tests begin as copies."""
    from aeexp.tracking.mlflow import tracker as mlflow

    create, template = mlflow._create_database, tmp_path_factory.mktemp("database") / "mlflow.db"

    def copy(uri: str) -> None:
        path = Path(uri.removeprefix("sqlite:///"))
        if uri.startswith("sqlite:///") and not path.exists():
            create(f"sqlite:///{template}")
            shutil.copy(template, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mlflow, "_create_database", copy)
        yield


def command_line(patch: pytest.MonkeyPatch, folder: Path) -> Callable[..., None]:
    """Runs commands in this process, with `mlruns` in a folder in place of the user's runs."""
    patch.setattr("aeexp.config.paths.CHECKOUT", None)
    patch.delenv("MLFLOW_TRACKING_URI", raising=False)
    patch.chdir(folder)

    def run(*arguments: str) -> None:
        patch.setattr(sys, "argv", ["aeexp", *arguments])
        main()

    return run


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """An empty folder for runs."""
    return tmp_path / "mlruns"


@pytest.fixture
def aeexp(
    database_made_once: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], store: Path
) -> Callable[..., Ended]:
    """Runs a command in this process, with `store` in place of the user's runs."""
    run_command = command_line(monkeypatch, store.parent)

    def run(*arguments: str) -> Ended:
        code = 0
        try:
            run_command(*arguments)
        except SystemExit as end:
            code = end.code
        return Ended(code, *capsys.readouterr())

    return run


def composer(folder: Path) -> Callable[..., DictConfig]:
    """Composes the config of `aeexp train`, tiny and kept in memory, with its files in a folder."""
    register_schemas()
    folders = (f"trainer.checkpoints={folder}/checkpoints", f"comparison.cache={folder}/cache")

    def compose_config(*overrides: str, command: str = "train") -> DictConfig:
        with initialize_config_dir(str(CONF), version_base="1.3"):
            config = compose(command, ["tracking=memory", *TINY, *folders, *overrides])
        OmegaConf.resolve(config)
        return config

    return compose_config


@pytest.fixture
def composed(tmp_path: Path) -> Callable[..., DictConfig]:
    """Composes a config for one test."""
    return composer(tmp_path)
