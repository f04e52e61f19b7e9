"""MLflow, by default in a SQLite file beside its artifacts."""

import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import mlflow
import mlflow.pyfunc
import numpy as np
import requests
from filelock import FileLock
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, Run, RunInfo
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from mlflow.utils.time import get_current_time_millis

from aeexp.errors import ConfigError
from aeexp.tracking.listing import list_runs
from aeexp.tracking.recorded import RecordedRun, Series
from aeexp.tracking.registry import register_model
from aeexp.tracking.selection import find_run
from aeexp.tracking.tracker import DatasetDetails, RunDetails, TrackedRun, Tracker
from aeexp.types import Arrays, Figure, Image, Item, Scalar, Table

if TYPE_CHECKING:
    import keras

if TYPE_CHECKING:
    import keras
    from matplotlib.figure import Figure as MatplotlibFigure

MODEL_TRAINING = {"mlflow.experimentKind": "custom_model_development"}
"""The tag by which the MLflow UI opens an experiment in its mode for training models."""

SERVED_MODEL = str(Path(__file__).with_name("served_model.py"))
"""The code that MLflow copies into each model and runs to serve it."""

SECONDS_TO_ANSWER = 5


class MlflowRun(TrackedRun):
    """One run in MLflow."""

    def __init__(self, client: mlflow.MlflowClient, info: RunInfo, log_model: bool) -> None:
        self.id = info.run_id
        self._log_model = log_model
        self.location = str(info.artifact_uri).removeprefix("file://")
        self._client = client

    def write(self, item: Item, step: int | None = None) -> None:
        match item:
            case Scalar(name, value):
                self._client.log_metric(self.id, name, value, step=step)
            case Figure(name, figure):
                self._write_figure(name, figure)
            case Image(name, pixels):
                self._client.log_image(self.id, pixels, key=name, step=step)
            case Table(name, columns):
                self._client.log_table(self.id, columns, f"tables/{name}.json")
            case Arrays(name, arrays):
                with TemporaryDirectory() as folder:
                    path = Path(folder) / f"{name}.npz"
                    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
                    self.write_file(path, "arrays")

    def _write_figure(self, name: str, figure: "MatplotlibFigure") -> None:
        import matplotlib.pyplot as plt  # not for those who only read runs

        self._client.log_figure(self.id, figure, f"figures/{name}.png")
        plt.close(figure)

    def write_metrics(self, metrics: dict[str, float], step: int) -> None:
        now = get_current_time_millis()
        self._client.log_batch(self.id, [Metric(name, value, now, step) for name, value in metrics.items()])

    def write_text(self, text: str, name: str) -> None:
        self._client.log_text(self.id, text, name)

    def write_file(self, path: Path, folder: str) -> None:
        self._client.log_artifact(self.id, str(path), folder)

    def write_model(self, model: "keras.Model", example: np.ndarray) -> None:
        if not self._log_model:
            return
        signature = infer_signature(example, model(example)["reconstruction"].numpy(), {"output": "reconstruction"})
        requirements = [f"{package}=={version(package)}" for package in ("keras", "numpy", "tensorflow")]
        with TemporaryDirectory() as folder, mlflow.start_run(run_id=self.id):
            network = Path(folder) / "network.keras"
            model.save(network)
            mlflow.pyfunc.log_model(
                name="model",
                python_model=SERVED_MODEL,
                artifacts={"network": str(network)},
                signature=signature,
                input_example=example,
                pip_requirements=requirements,
            )

    def finish(self, status: str) -> None:
        self._client.set_terminated(self.id, status)


@dataclass(frozen=True)
class Mlflow(Tracker):
    """Records runs in MLflow.

    Args:
        uri: of the tracking server or database; None takes `MLFLOW_TRACKING_URI`, or else `mlflow.db` in `folder`.
        folder: absolute path of the database and the artifacts.
        experiment: the MLflow experiment that the runs belong to.
        log_model: whether to keep each trained model as an MLflow model, beside its weights.
    """

    uri: str | None
    folder: str
    experiment: str
    log_model: bool

    def open(self) -> None:
        logging.getLogger("mlflow").setLevel(logging.WARNING)
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        mlflow.set_tracking_uri(self.tracking_uri)
        try:
            if self.tracking_uri.startswith("http"):
                requests.get(f"{self.tracking_uri}/health", timeout=SECONDS_TO_ANSWER).raise_for_status()
                self._experiment_id()
            else:
                Path(self.folder).mkdir(parents=True, exist_ok=True)
                with FileLock(Path(self.folder) / ".lock"):
                    _create_database(self.tracking_uri)
                    self._experiment_id()
        except requests.RequestException as error:
            raise ConfigError(
                f"tracking: no MLflow server answers at {self.tracking_uri} ({type(error).__name__}). Start it, mend "
                "MLFLOW_TRACKING_URI or tracking.uri, or unset both to record in a local database."
            ) from error
        except (OSError, MlflowException) as error:
            raise ConfigError(
                f"tracking: cannot record runs in {self.folder} ({error}). Point tracking.folder at a writable folder."
            ) from error

    @property
    def tracking_uri(self) -> str:
        """Where the runs go."""
        return self.uri or os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{self.folder}/mlflow.db"

    def begin(self, details: RunDetails) -> TrackedRun:
        client = mlflow.MlflowClient(self.tracking_uri)
        run = client.create_run(self._experiment_id(), run_name=details.name, tags=details.tags)
        client.log_batch(
            run.info.run_id,
            params=[Param(name, str(value)) for name, value in details.params.items()],
        )
        _log_inputs(client, run.info.run_id, [_dataset(context, each) for context, each in details.datasets.items()])
        for name, text in details.texts.items():
            client.log_text(run.info.run_id, text, name)
        return MlflowRun(client, run.info, self.log_model)

    def resume(self, run_id: str) -> TrackedRun:
        client = mlflow.MlflowClient(self.tracking_uri)
        client.update_run(run_id, status="RUNNING")
        run = MlflowRun(client, client.get_run(run_id).info, self.log_model)
        run.epochs_written = max((point.step for point in client.get_metric_history(run_id, "val/loss")), default=0)
        return run

    def find(self, selector: str) -> str:
        client = mlflow.MlflowClient(self.tracking_uri)
        return find_run(client, self._experiment_id(), selector).info.run_id

    def read_file(self, run_id: str, name: str, folder: Path) -> Path:
        client = mlflow.MlflowClient(self.tracking_uri)
        try:
            return Path(client.download_artifacts(run_id, name, str(folder)))
        except (OSError, MlflowException) as error:
            raise ConfigError(f"run {run_id} has no file {name}; it ended before it was written ({error}).") from error

    def recorded(self, run_id: str) -> RecordedRun:
        return _recorded(mlflow.MlflowClient(self.tracking_uri).get_run(run_id))

    def series(self, run_id: str) -> dict[str, Series]:
        client = mlflow.MlflowClient(self.tracking_uri)
        names = client.get_run(run_id).data.metrics
        return {name: {each.step: each.value for each in client.get_metric_history(run_id, name)} for name in names}

    def runs(self, condition: str, sort: str | None, limit: int) -> list[RecordedRun]:
        """Recorded runs that meet a condition in MLflow's language: those best in a metric, or the newest, first."""
        client = mlflow.MlflowClient(self.tracking_uri)
        return [_recorded(run) for run in list_runs(client, self._experiment_id(), condition, sort, limit)]

    def register(self, run_id: str, name: str, alias: str | None) -> int:
        """Enter the model of a run into the registry, and give its version."""
        client = mlflow.MlflowClient(self.tracking_uri)
        return register_model(client, client.get_run(run_id), name, alias)

    def _experiment_id(self) -> str:
        client = mlflow.MlflowClient(self.tracking_uri)
        if experiment := client.get_experiment_by_name(self.experiment):
            return experiment.experiment_id
        local = not self.tracking_uri.startswith("http")
        artifacts = (Path(self.folder) / "artifacts").as_uri() if local else None
        return client.create_experiment(self.experiment, artifact_location=artifacts, tags=MODEL_TRAINING)


def _recorded(run: Run) -> RecordedRun:
    inputs = run.inputs.dataset_inputs if run.inputs else []
    return RecordedRun(
        id=run.info.run_id,
        name=str(run.info.run_name),
        status=run.info.status,
        begin=datetime.fromtimestamp(run.info.start_time / 1000),
        params=run.data.params,
        tags=run.data.tags,
        metrics=run.data.metrics,
        digests={each.tags[0].value: each.dataset.digest for each in inputs},
    )


def _create_database(uri: str) -> None:
    """Create a SQLite file beside its place and then move it there, so that a kill leaves none that is half made."""
    path = Path(uri.removeprefix("sqlite:///"))
    if path.exists() or not uri.startswith("sqlite:///"):
        return
    for leftover in path.parent.glob(f"{path.stem}.unfinished*"):
        leftover.unlink()
    unfinished = path.with_suffix(".unfinished")
    mlflow.MlflowClient(f"sqlite:///{unfinished}").search_experiments()
    unfinished.replace(path)


def _log_inputs(client: mlflow.MlflowClient, run_id: str, inputs: list[DatasetInput]) -> None:
    """Try again where two runs log the same data at once: MLflow lets one of them fail, and then the data is there."""
    for tries_left in (2, 1, 0):
        try:
            client.log_inputs(run_id, inputs)
            return
        except MlflowException:
            if not tries_left:
                raise


def _dataset(context: str, details: DatasetDetails) -> DatasetInput:
    return DatasetInput(
        Dataset(
            name=details.name,
            digest=details.digest,
            source_type="code",
            source=json.dumps(details.source),
            profile=json.dumps(details.profile),
        ),
        [InputTag("mlflow.data.context", context)],
    )
