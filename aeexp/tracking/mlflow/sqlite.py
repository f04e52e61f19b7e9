"""MLflow's SQLite database, read directly: all runs in less time than importing MLflow takes.

Nothing is written. The tables and columns named here are all that is known of MLflow's schema.
"""

import json
import math
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aeexp.tracking.store import RunInfo, Runs, Series
from aeexp.tracking.tags import KIND_TAG

CONTEXT = "mlflow.data.context"
"""The tag of a data set that names its split."""

EXPERIMENT = "SELECT experiment_id FROM experiments WHERE name = ? AND lifecycle_stage = 'active'"
LISTED = f"SELECT run_uuid FROM runs WHERE experiment_id = ({EXPERIMENT}) AND lifecycle_stage = 'active'"

RUNS = f"""
    SELECT run_uuid, name, status, start_time, end_time, artifact_uri FROM runs
    WHERE run_uuid IN ({LISTED}) ORDER BY start_time DESC, run_uuid"""
TEXTS = f"SELECT run_uuid, key, value FROM {{}} WHERE run_uuid IN ({LISTED})"
METRICS = f"""
    SELECT run_uuid, key, CASE is_nan WHEN 1 THEN NULL ELSE value END FROM latest_metrics
    WHERE run_uuid IN ({LISTED})"""
DIGESTS = f"""
    SELECT inputs.destination_id, input_tags.value, datasets.digest FROM inputs
    JOIN datasets ON datasets.dataset_uuid = inputs.source_id
    JOIN input_tags ON input_tags.input_uuid = inputs.input_uuid AND input_tags.name = '{CONTEXT}'
    WHERE inputs.source_type = 'DATASET' AND inputs.destination_type = 'RUN' AND inputs.destination_id IN ({LISTED})"""
METRIC_NAMES = f"""
    SELECT DISTINCT key FROM latest_metrics
    WHERE run_uuid IN ({LISTED} ORDER BY start_time DESC LIMIT ?) ORDER BY key"""
NEWEST = f"""
    SELECT runs.run_uuid FROM runs JOIN tags ON tags.run_uuid = runs.run_uuid AND tags.key = '{KIND_TAG}'
    WHERE runs.run_uuid IN ({LISTED}) AND tags.value IN (SELECT value FROM json_each(?))
    ORDER BY start_time DESC LIMIT ?"""
HISTORY = """
    SELECT key, step, CASE is_nan WHEN 1 THEN NULL ELSE value END FROM metrics WHERE run_uuid = ? ORDER BY timestamp"""


@dataclass(frozen=True)
class Database:
    """Queries over the runs of one experiment in a SQLite database of MLflow.

    Args:
        path: of the database, which need not exist.
        experiment: the name of the experiment.
    """

    path: Path
    experiment: str

    def list(self) -> Runs:
        """All runs, the newest first; none where there is no database or no such experiment.

        Raises:
            sqlite3.Error: where the file is no such database, or cannot be read.
        """
        return self._runs

    @cached_property
    def _runs(self) -> Runs:
        if not self.path.exists():
            return []
        with self._connection() as connection:

            def by_run(query: str) -> dict[str, dict[str, Any]]:
                return _by_run(connection.execute(query, (self.experiment,)))

            texts = {table: by_run(TEXTS.format(table)) for table in ("params", "tags")}
            metrics, digests = by_run(METRICS), by_run(DIGESTS)
            return [
                RunInfo(
                    id=run_id,
                    name=str(name),
                    status=status,
                    begin=datetime.fromtimestamp(begin / 1000),
                    end=datetime.fromtimestamp(end / 1000) if end else None,
                    location=str(location),
                    params=texts["params"].get(run_id, {}),
                    tags=texts["tags"].get(run_id, {}),
                    metrics={key: _number(value) for key, value in metrics.get(run_id, {}).items()},
                    digests=digests.get(run_id, {}),
                )
                for run_id, name, status, begin, end, location in connection.execute(RUNS, (self.experiment,))
            ]

    def metric_names(self, count: int) -> Sequence[str]:
        """The metrics that the newest runs have, in order of the alphabet; none where there is no database.

        Raises:
            sqlite3.Error: where the file is no such database, or cannot be read.
        """
        return self._first_column(METRIC_NAMES, self.experiment, count)

    def newest(self, kinds: Sequence[str], count: int) -> Sequence[str]:
        """The ids of the newest runs of some kinds; none where there is no database.

        Raises:
            sqlite3.Error: where the file is no such database, or cannot be read.
        """
        return self._first_column(NEWEST, self.experiment, json.dumps(kinds), count)

    def _first_column(self, query: str, *values: object) -> Sequence[str]:
        if not self.path.exists():
            return []
        with self._connection() as connection:
            return [row[0] for row in connection.execute(query, values)]

    def is_deleted(self) -> bool:
        """Whether the experiment was deleted in MLflow's UI, where it can be restored.

        Raises:
            sqlite3.Error: where the file is no such database, or cannot be read.
        """
        if not self.path.exists():
            return False
        with self._connection() as connection:
            query = "SELECT 1 FROM experiments WHERE name = ? AND lifecycle_stage = 'deleted'"
            return connection.execute(query, (self.experiment,)).fetchone() is not None

    def metric_history(self, run_id: str) -> dict[str, Series]:
        """All values of each metric of a run.

        Raises:
            sqlite3.Error: where the database cannot be read.
        """
        history: dict[str, Series] = {}
        with self._connection() as connection:
            for key, step, value in connection.execute(HISTORY, (run_id,)):
                history.setdefault(key, {})[step] = _number(value)
        return history

    def _connection(self) -> "closing[sqlite3.Connection]":
        return closing(sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True))


def local_database(uri: str | None, folder: str) -> Path | None:
    """The file of the database in use; None where it is no local file, or one whose name has to be decoded.

    Args:
        uri: of the store; None takes `MLFLOW_TRACKING_URI`, or else the database in the folder.
    """
    named = uri or os.environ.get("MLFLOW_TRACKING_URI")
    if not named:
        return Path(folder).absolute() / "mlflow.db"
    kind, _, name = named.partition("?")[0].partition(":///")
    is_file = kind.partition("+")[0] == "sqlite" and name not in ("", ":memory:") and "%" not in name
    return Path(name).absolute() if is_file else None


def _by_run(rows: Iterator[tuple[str, str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for run_id, key, value in rows:
        if run_id not in found:
            found[run_id] = {}
        found[run_id][key] = value
    return found


def _number(value: float | None) -> float:
    return math.nan if value is None else value
