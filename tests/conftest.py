"""Fixtures of all tests, and how many processes they run in."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import absl.logging
import joblib
import pytest
from filelock import FileLock
from omegaconf import DictConfig

from aeexp.runtime.tensorflow import choose_onednn
from tests.support.command_line import Ended, command_line
from tests.support.composing import read_configs_once
from tests.support.trainings import composer

if TYPE_CHECKING:
    from tests.support.stores import TrainedStores

choose_onednn()  # before any test imports TensorFlow

# A scheduler may start the tests with Ctrl-C ignored, and so what they start; a handler here is default there.
signal.signal(signal.SIGINT, signal.default_int_handler)

# When Hydra sets up its logging, this handler closes a stream that it takes for its own: pytest's.
absl.logging.get_absl_handler().python_handler.stream = sys.__stderr__

MOST_PROCESSES = 4
"""Of tests at the same time: each of them needs more than a gigabyte for TensorFlow."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many processes as the machine has cores; one for single files, which end before a second could help."""
    if all(".py" in argument for argument in config.args):
        return 0
    return min(joblib.cpu_count(), MOST_PROCESSES)


@pytest.fixture(scope="session", autouse=True)
def _configs_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        read_configs_once(patch)
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the test processes have in common."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def empty_database(shared_folder: Path) -> Path:
    """MLflow's database without runs, to be copied: MLflow takes more than a second to create one."""
    from tests.support.stores import create_database  # imports MLflow, which most tests do without

    with FileLock(shared_folder / "empty.lock"):
        path = shared_folder / "empty.db"
        return path if path.exists() else create_database(path)


@pytest.fixture(scope="session")
def trained_stores(shared_folder: Path, empty_database: Path) -> "TrainedStores":
    """Stores that are trained once for all tests."""
    from tests.support.stores import TrainedStores

    return TrainedStores(shared_folder, empty_database)


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Path:
    """A store without runs."""
    folder = tmp_path / "mlruns"
    folder.mkdir()
    shutil.copy(empty_database, folder / "mlflow.db")
    return folder


@pytest.fixture
def aeexp(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], store: Path) -> Callable[..., Ended]:
    """Runs a command in this process, with `store` in place of the user's runs."""
    run_command = command_line(monkeypatch, store.parent)

    def run(*arguments: str) -> Ended:
        capsys.readouterr()  # what a fixture has printed, such as a training that others share
        code = 0
        try:
            run_command(*arguments)
        except SystemExit as end:
            code = end.code
        return Ended(code, *capsys.readouterr())

    return run


@pytest.fixture
def composed(tmp_path: Path) -> Callable[..., DictConfig]:
    """Composes a config for one test."""
    return composer(tmp_path)
