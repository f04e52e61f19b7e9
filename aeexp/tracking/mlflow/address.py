"""Addresses of MLflow stores. Loads nothing heavy."""

import os
from pathlib import Path


def tracking_uri(uri: str | None, folder: str) -> str:
    """The URI in use: the given one, `MLFLOW_TRACKING_URI`, or that of the database in the folder."""
    return uri or os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{folder}/mlflow.db"


def database_file(uri: str) -> Path | None:
    """The file of a SQLite database; None for any other store."""
    kind, _, name = uri.partition("?")[0].partition(":///")
    return Path(name) if kind.partition("+")[0] == "sqlite" and name not in ("", ":memory:") else None
