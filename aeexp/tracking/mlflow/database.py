"""The SQLite file of a store."""

import os
from pathlib import Path
from urllib.parse import quote

from mlflow import MlflowClient
from sqlalchemy.engine import make_url


def database_file(uri: str) -> Path | None:
    """The absolute path of a SQLite database."""
    if not uri.startswith("sqlite:"):
        return None
    name = make_url(uri).database
    return None if name in (None, "", ":memory:") else Path(str(name)).absolute()


def database_uri(file: Path) -> str:
    """The URI of a SQLite database; SQLAlchemy reads some names as quoted, such as that of a folder `a%20b`."""
    plain = f"sqlite:///{file}"
    return plain if database_file(plain) == file else f"sqlite:///{quote(os.fsencode(file))}"


def create_database(uri: str) -> None:
    """Create the tables of MLflow.

    A SQLite file is created under another name and then renamed, so that a kill leaves none that is half made.
    """
    path = database_file(uri)
    if path is None:
        MlflowClient(uri).search_experiments()
    elif not path.exists():
        for leftover in path.parent.glob(f"{path.stem}.unfinished*"):
            leftover.unlink()
        unfinished = path.with_suffix(".unfinished")
        unfinished.touch()  # fails at once where MLflow would try for minutes
        MlflowClient(database_uri(unfinished)).search_experiments()
        unfinished.replace(path)
