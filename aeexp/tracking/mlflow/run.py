"""A run in MLflow: all that it records passes through its outbox."""

import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import mlflow
import mlflow.pyfunc
import numpy as np
from mlflow.entities import Metric, Param, RunInfo, RunTag
from mlflow.models import infer_signature
from mlflow.utils.validation import MAX_PARAMS_TAGS_PER_BATCH

from aeexp.errors import NotRecordedError
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.artifacts import (
    ArraysArtifact,
    Artifact,
    FigureArtifact,
    ImageArtifact,
    Scalar,
    TableArtifact,
    recordable_text,
)
from aeexp.tracking.mlflow.current_store import current_store
from aeexp.tracking.mlflow.errors import RETRY_TIMEOUT, without_credentials
from aeexp.tracking.mlflow.outbox import Entry, Outbox
from aeexp.tracking.tracker import ActiveRun

if TYPE_CHECKING:
    import keras
    from matplotlib.figure import Figure

SERVED_MODEL = str(Path(__file__).with_name("served_model.py"))
"""The code that MLflow copies into each model and runs to serve it."""


class MlflowRun(ActiveRun):
    """One run in MLflow.

    Args:
        outboxes: folder of what runs have still to record.
        log_model: whether it keeps its model as an MLflow model.
    """

    def __init__(self, client: mlflow.MlflowClient, info: RunInfo, outboxes: Path, log_model: bool) -> None:
        self.id = info.run_id
        self.location = readable_location(str(info.artifact_uri))
        self._client = client
        self._log_model = log_model
        self._outbox = Outbox(outboxes / self.id, partial(send, client, self.id))

    def write(self, item: Artifact, step: int | None = None) -> None:
        match item:
            case Scalar(name, value):
                self.write_metrics({name: value}, step or 0)
            case FigureArtifact(name=name):
                for file_format in item.formats:
                    with self._artifact(f"figures/{name}.{file_format}") as path:
                        path.write_bytes(item.render(file_format))
                _close(item.figure)
            case ImageArtifact(name, pixels):
                with self._outbox.entry("image", key=name, step=step, timestamp=_milliseconds()) as folder:
                    np.save(folder / "pixels.npy", pixels)
            case TableArtifact(name, columns):
                self._outbox.post("table", columns=columns, name=f"tables/{name}.json")
            case ArraysArtifact(name, arrays):
                with self._artifact(f"arrays/{name}.npz") as path:
                    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]

    def write_metrics(self, metrics: dict[str, float], step: int) -> None:
        self._outbox.post("metrics", values=metrics, step=step, timestamp=_milliseconds())

    def write_params(self, params: dict[str, Any]) -> None:
        """Write the settings by which runs are compared."""
        self._outbox.post("params", values={name: recordable_text(str(value)) for name, value in params.items()})

    def write_tags(self, tags: dict[str, str]) -> None:
        self._outbox.post("tags", values=tags)

    def write_text(self, text: str, name: str) -> None:
        with self._artifact(name) as path:
            path.write_text(text, encoding="utf-8", errors="backslashreplace")

    def write_file(self, path: Path, folder: str) -> None:
        with self._artifact(f"{folder}/{path.name}") as copy:
            shutil.copy(path, copy)

    def write_model(self, model: "keras.Model", example: np.ndarray) -> None:
        if self._log_model:
            with self._outbox.entry("model") as folder:
                model.save(folder / "network.keras")
                np.savez(folder / "example.npz", image=example, reconstruction=model(example)["reconstruction"])

    def finish(self, status: str) -> None:
        self._outbox.post("status", status=status, end_time=_milliseconds())
        if not self._outbox.close(0 if status == "KILLED" else RETRY_TIMEOUT):
            message = (
                f"the tracking store at {without_credentials(self._client.tracking_uri)} does not answer "
                f"({self._outbox.obstacle}). "
                f"What run {self.id} has yet to record waits in {self._outbox.folder}; `aeexp sync` sends it."
            )
            if status == "FINISHED":
                raise NotRecordedError(message)
            logging.getLogger(__name__).warning(message)

    def flush(self) -> None:
        """Send what an interrupted process left."""
        self._outbox.flush()

    def close(self) -> bool:
        """Send what waits without changing the run's status, and say whether nothing is left but what was refused."""
        return self._outbox.close(0)

    @contextmanager
    def _artifact(self, name: str) -> Iterator[Path]:
        """The path at which to write a file that is to become an artifact."""
        path = Path(name)
        with self._outbox.entry("artifact", name=path.name, folder=str(path.parent)) as folder:
            yield folder / path.name


def send(client: mlflow.MlflowClient, run_id: str, entry: Entry) -> None:
    """Record one entry. A kill may have it recorded twice, which only tables (rows) and models (a second one) show."""
    details = entry.details
    match entry.kind:
        case "metrics":
            metrics = [
                Metric(key, value, details["timestamp"], details["step"]) for key, value in details["values"].items()
            ]
            client.log_batch(run_id, metrics)
        case "params":
            params = [Param(key, value) for key, value in details["values"].items()]
            for start in range(0, len(params), MAX_PARAMS_TAGS_PER_BATCH):
                client.log_batch(run_id, params=params[start : start + MAX_PARAMS_TAGS_PER_BATCH])
        case "tags":
            client.log_batch(run_id, tags=[RunTag(key, value) for key, value in details["values"].items()])
        case "artifact":
            folder = None if details["folder"] == "." else details["folder"]
            client.log_artifact(run_id, str(entry.folder / details["name"]), folder)
        case "image":
            client.log_image(run_id, np.load(entry.folder / "pixels.npy"), **details)
        case "table":
            client.log_table(run_id, details["columns"], details["name"])
        case "model":
            _send_model(client, run_id, entry.folder)
        case "status":
            client.set_terminated(run_id, **details)


def _send_model(client: mlflow.MlflowClient, run_id: str, folder: Path) -> None:
    import_tensorflow()  # MLflow loads it to try the model
    with np.load(folder / "example.npz") as example:
        image, reconstruction = example["image"], example["reconstruction"]
    requirements = [f"{package}=={version(package)}" for package in ("keras", "numpy", "tensorflow")]
    with current_store(client.tracking_uri), mlflow.start_run(run_id=run_id):
        mlflow.pyfunc.log_model(
            name="model",
            python_model=SERVED_MODEL,
            artifacts={"network": (folder / "network.keras").absolute().as_uri()},
            signature=infer_signature(image, reconstruction, {"output": "reconstruction"}),
            input_example=image,
            pip_requirements=requirements,
        )


def _milliseconds() -> int:
    """The time as MLflow counts it."""
    return int(time.time() * 1000)


def readable_location(uri: str) -> str:
    """A path in place of a `file:` URI; other URIs as they are."""
    return unquote(uri.removeprefix("file://")) if uri.startswith("file://") else uri


def _close(figure: "Figure") -> None:
    """Free the figure of a report of the user's own that was made by pyplot, which holds it."""
    import matplotlib.pyplot as plt  # heavy, and not needed to read runs

    plt.close(figure)
