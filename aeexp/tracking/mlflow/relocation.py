"""Relocation of a store that was moved, renamed or copied; MLflow records absolute paths.

A store knows its folder by a tag of its experiments. One of an older version has no tag; where it was is then concluded
from its paths, and only what is found in the new place is taken to have moved.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

FOLDER = "aeexp.folder"
"""The tag of an experiment with the folder of its database, as a `file:` URI."""

ARTIFACTS = "artifacts"
"""The folder of all artifacts, beside the database."""

EXPERIMENTS = ("experiments", "artifact_location")
COLUMNS = (
    EXPERIMENTS,
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
"""All columns in which MLflow records where files are."""

UNTAGGED = f"experiment_id NOT IN (SELECT experiment_id FROM experiment_tags WHERE key = '{FOLDER}')"
SECONDS_TO_WAIT = 60


def relocate(database: Path, folder: Path) -> list[str]:
    """Make the records of a store point to the folder that it is in now, in one transaction.

    Args:
        database: to change.
        folder: of the store.

    Returns:
        What was done, a sentence for each folder that the store has been in.
    """
    with closing(sqlite3.connect(database, timeout=SECONDS_TO_WAIT, isolation_level=None)) as connection:
        if _is_settled(connection, folder):
            return []
        connection.execute("BEGIN IMMEDIATE")  # processes that open the store at the same time wait
        moves = [
            _Move(path, folder, database.name, is_certain)
            for path, is_certain in _former_folders(connection, folder).items()
        ]
        done = [move.sentence for move in moves if _apply(move, connection)]
        _write_folder(connection, folder)
        connection.execute("COMMIT")
        return done


def local_path(location: str | None) -> Path | None:
    """The path that an absolute path or a `file:` URI means; None for what is elsewhere."""
    if location and location.startswith("file:"):
        return Path(unquote(urlsplit(location).path))
    return Path(location) if location and location.startswith("/") else None


@dataclass(frozen=True)
class _Move:
    """A store that is in another folder than before.

    Args:
        before: the folder that it was in.
        now: the folder that it is in.
        database: the name of its file.
        is_certain: whether the store itself has recorded where it was.
    """

    before: Path
    now: Path
    database: str
    is_certain: bool

    @cached_property
    def is_copy(self) -> bool:
        """Whether there still is a store in the place of before."""
        return (self.before / self.database).exists()

    @property
    def sentence(self) -> str:
        how = "copied" if self.is_copy else "moved"
        return f"the store was {how} from {self.before} to {self.now}; its records now point to {self.now}"

    def location(self, table: str, recorded: str) -> str:
        """Where files are that were recorded elsewhere."""
        path = local_path(recorded)
        if path is None or not path.is_relative_to(self.before):
            return recorded
        if self.now.is_relative_to(self.before) and path.is_relative_to(self.now):
            return recorded  # it has moved into a part of its former folder, and this was recorded since
        moved = self.now / path.relative_to(self.before)
        if not (self.is_certain or moved.exists() or (table == EXPERIMENTS[0] and self._leaves(path))):
            return recorded
        return moved.as_uri() if recorded.startswith("file:") else str(moved)

    def _leaves(self, artifacts: Path) -> bool:
        """Whether files of new runs must not be written to the place of before."""
        return self.is_copy or not artifacts.exists()


def _apply(move: _Move, connection: sqlite3.Connection) -> bool:
    """Whether a move has changed any record."""
    tables, changed = _tables(connection), False
    for table, column in COLUMNS:
        if table in tables:
            rows = connection.execute(f"SELECT rowid, {column} FROM {table} WHERE {column} LIKE '%/%'").fetchall()
            moved = [(new, row) for row, old in rows if (new := move.location(table, old)) != old]
            connection.executemany(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", moved)
            changed = changed or bool(moved)
    if move.is_certain:
        tag = "UPDATE experiment_tags SET value = ? WHERE key = ? AND value = ?"
        connection.execute(tag, (move.now.as_uri(), FOLDER, move.before.as_uri()))
    return changed


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _is_settled(connection: sqlite3.Connection, folder: Path) -> bool:
    """Whether every experiment of the store says that it is where it is."""
    if not _tables(connection) >= {"experiments", "experiment_tags"}:
        return True  # MLflow has yet to make them
    experiments = connection.execute(
        "SELECT artifact_location, value FROM experiments LEFT JOIN experiment_tags "
        "ON experiments.experiment_id = experiment_tags.experiment_id AND key = ?",
        (FOLDER,),
    )
    tags = [tag for location, tag in experiments if tag is not None or _is_of_store(location)]
    return all((path := local_path(tag)) is not None and _is_same(path, folder) for tag in tags)


def _former_folders(connection: sqlite3.Connection, folder: Path) -> dict[Path, bool]:
    """The folders that the store was in, each with whether the store itself has recorded it."""
    recorded = connection.execute("SELECT DISTINCT value FROM experiment_tags WHERE key = ?", (FOLDER,))
    certain = {path: True for (tag,) in recorded if (path := local_path(tag))}
    concluded = dict.fromkeys(_concluded_folders(connection), False)
    return {path: is_certain for path, is_certain in {**concluded, **certain}.items() if not _is_same(path, folder)}


def _concluded_folders(connection: sqlite3.Connection) -> Iterator[Path]:
    """The folders of the experiments without the tag, and of their runs, by their paths."""
    for (location,) in connection.execute(f"SELECT artifact_location FROM experiments WHERE {UNTAGGED}"):
        if _is_of_store(location) and (path := local_path(location)):
            yield path.parent
    for run, location in connection.execute(f"SELECT run_uuid, artifact_uri FROM runs WHERE {UNTAGGED}"):
        path = local_path(location)
        if path is not None and path.parts[-3:] == (ARTIFACTS, run, "artifacts"):
            yield path.parents[2]


def _is_of_store(location: str | None) -> bool:
    """Whether an experiment has its artifacts where aeexp places them."""
    path = local_path(location)
    return path is not None and path.name == ARTIFACTS


def _write_folder(connection: sqlite3.Connection, folder: Path) -> None:
    """Record the folder in experiments of an older version, unless some of their runs are still elsewhere."""
    if _former_folders(connection, folder):
        return
    untagged = connection.execute(f"SELECT experiment_id, artifact_location FROM experiments WHERE {UNTAGGED}")
    tags = [
        (FOLDER, path.parent.as_uri(), experiment)
        for experiment, location in untagged
        if _is_of_store(location) and (path := local_path(location))
    ]
    connection.executemany("INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)", tags)


def _is_same(path: Path, folder: Path) -> bool:
    """Whether two paths mean one folder, which may be reached through a link."""
    return path == folder or (path.exists() and folder.exists() and path.samefile(folder))
