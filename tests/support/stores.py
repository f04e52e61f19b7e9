"""Stores of runs: what they hold, copies to change, and stores that are trained once for all tests."""

import shutil
import sqlite3
import tarfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import mlflow
import pytest
from filelock import FileLock
from mlflow.entities import Run

from aeexp.tracking.mlflow.database import database_uri
from aeexp.tracking.mlflow.relocation import local_path, relocate
from aeexp.tracking.mlflow.tracker import MlflowTracker
from tests.support.command_line import command_line


def database(store: Path) -> str:
    """The address of a store, for MLflow."""
    return database_uri(store / "mlflow.db")


def recorded(store: Path) -> list[Run]:
    """The runs of a store, in the order of their start."""
    client = mlflow.MlflowClient(database(store))
    (experiment,) = client.search_experiments(filter_string="name = 'aeexp'")
    return client.search_runs([experiment.experiment_id], order_by=["attributes.start_time ASC"])


def run_named(store: Path, name: str) -> Run:
    """The only run of a store with this name."""
    (run,) = (run for run in recorded(store) if run.info.run_name == name)
    return run


def count_runs(store: Path) -> int:
    """How many runs a store has, be there a database or not."""
    if not (store / "mlflow.db").exists():
        return 0
    with sqlite3.connect(store / "mlflow.db") as connection:
        return connection.execute("SELECT count(*) FROM runs").fetchone()[0]


def folder_of(run: Run) -> Path:
    """Where the files of a run are."""
    folder = local_path(run.info.artifact_uri)
    assert folder
    return folder


def files_of(run: Run) -> set[str]:
    """The names of the files of a run."""
    folder = folder_of(run)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def tracker_of(store: Path) -> MlflowTracker:
    """The tracker that a command has in a store."""
    return MlflowTracker(uri=None, folder=str(store), experiment="aeexp", log_model=True)


def meant_by(store: Path, selector: str) -> str:
    """The id of the run that `run=selector` stands for."""
    return tracker_of(store).store.find(selector)


def create_database(path: Path) -> Path:
    """An MLflow database without runs."""
    mlflow.MlflowClient(f"sqlite:///{path}").search_experiments()
    return path


def copy_store(source: Path, target: Path) -> None:
    """Copy a store to a place of its own, where a test may change what it likes, as if it had been recorded there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    relocate(target / "mlflow.db", target)


def unpack_old_store(folder: Path) -> Path:
    """A store that version 0.1.0 recorded: trainings, a sweep of four jobs and an evaluation.

    Returns:
        Its folder, `mlruns` in the given one, in place of any store there.
    """
    shutil.rmtree(folder / "mlruns", ignore_errors=True)
    with tarfile.open(Path(__file__).parents[1] / "fixtures" / "store-0.1.0.tar.xz") as members:
        members.extractall(folder, filter="data")
    return folder / "mlruns"


class TrainedStores:
    """Stores in which commands were run once, for all tests of all test processes.

    Args:
        folder: that the processes share.
        empty_database: that stores begin with.
    """

    def __init__(self, folder: Path, empty_database: Path) -> None:
        self._folder = folder
        self._empty_database = empty_database

    def after(self, *commands: Sequence[str]) -> Path:
        """The store in which these commands were run, to read from; who changes it takes a copy."""
        place = self._folder / f"trained-{sha256(repr(commands).encode()).hexdigest()[:12]}"
        with FileLock(f"{place}.lock"):
            if not (place / "complete").exists():
                self._run(commands, place)
                (place / "complete").touch()
        return place / "mlruns"

    def _run(self, commands: Sequence[Sequence[str]], place: Path) -> None:
        (place / "mlruns").mkdir(parents=True)
        shutil.copy(self._empty_database, place / "mlruns" / "mlflow.db")
        with pytest.MonkeyPatch.context() as patch:
            run = command_line(patch, place)
            for command in commands:
                run(*command)
