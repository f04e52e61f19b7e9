"""Access to recorded runs for commands that only list and show them: in a local database without loading MLflow."""

import logging
import sqlite3
from pathlib import Path

from omegaconf import DictConfig

from aeexp.config.aliases import current_class
from aeexp.tracking.mlflow.liveness import is_dead
from aeexp.tracking.mlflow.read_only import is_read_only, readable_file
from aeexp.tracking.mlflow.relocation import relocate
from aeexp.tracking.mlflow.sqlite import Database, local_database
from aeexp.tracking.store import MAX_LIMIT, Runs, Series

MLFLOW = "aeexp.tracking.mlflow.tracker.MlflowTracker"
LOG = logging.getLogger(__name__)


def read_runs(tracking: DictConfig, condition: str = "") -> Runs:
    """All runs that meet a condition, the newest first; those whose process is dead are marked as killed.

    Args:
        tracking: the config's node of that name.
        condition: in MLflow's language, which then is loaded; empty means all runs.

    Raises:
        AeexpError: where the store cannot be read, or MLflow does not understand the condition.
    """
    if (path := _local(tracking)) and not path.exists():
        return []
    if not condition and (database := _database(tracking)):
        return database.list()
    from aeexp.tracking.mlflow.opening import open_mlflow

    return open_mlflow(tracking, "keeps runs", to_write=False).store.list(condition, limit=MAX_LIMIT)


def read_history(tracking: DictConfig, run_id: str) -> dict[str, Series]:
    """All values of each metric of a run.

    Raises:
        AeexpError: where the store cannot be read.
    """
    if database := _database(tracking):
        return database.metric_history(run_id)
    from aeexp.tracking.mlflow.opening import open_mlflow

    return open_mlflow(tracking, "keeps runs", to_write=False).store.metric_history(run_id)


def find_registered(tracking: DictConfig, name: str) -> str:
    """The id of the run whose model is registered under a name, which MLflow knows.

    Raises:
        RunNotFoundError: where there is no such model.
    """
    from aeexp.tracking.mlflow.opening import open_mlflow

    return open_mlflow(tracking, "keeps runs", to_write=False).store.find(name)


def _database(tracking: DictConfig) -> Database | None:
    """The local database where it can be read directly and nothing in it is to be changed."""
    path = _local(tracking)
    if path is None:
        return None
    _find_files(path)
    try:
        database = Database(readable_file(path), tracking.experiment)
        if database.is_deleted() or any(is_dead(run.status, run.tags) for run in database.list()):
            return None
    except sqlite3.Error as error:
        LOG.debug("%s is read by MLflow, since SQLite says: %s", path, error)
        return None
    return database


def _local(tracking: DictConfig) -> Path | None:
    """The file of the database of a tracker; None where it is none of this machine."""
    if current_class(tracking.get("_target_", "")) != MLFLOW:
        return None
    return local_database(tracking.uri, tracking.folder)


def _find_files(database: Path) -> None:
    """Have the records of a store that was moved point to where its files are now, as opening it for writing does."""
    try:
        for sentence in relocate(database, database.parent) if database.exists() and not is_read_only(database) else ():
            LOG.warning(sentence)
    except sqlite3.Error as error:
        LOG.debug("the records of %s stay as they are, since SQLite says: %s", database, error)
