"""The current store, which MLflow's functions without a client use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import mlflow


@contextmanager
def current_store(uri: str) -> Iterator[None]:
    """Makes a store the current one for the block; it would otherwise stay so for whatever this process does next."""
    before = os.environ.get("MLFLOW_TRACKING_URI")
    mlflow.set_tracking_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)  # type: ignore[arg-type]  # None takes it back
