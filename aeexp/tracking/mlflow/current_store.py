"""The store that MLflow's own functions use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import mlflow


@contextmanager
def current_store(uri: str) -> Iterator[None]:
    """For what in MLflow takes no client. Left set, it would be the store of whatever this process does next."""
    before = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)  # type: ignore[arg-type]  # None takes it back
