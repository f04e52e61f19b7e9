"""MLflow as a tracker, by default in a SQLite file beside its artifacts."""

import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import mlflow
import requests
from filelock import FileLock
from mlflow.entities import Dataset, DatasetInput, InputTag
from sqlalchemy.exc import ArgumentError

from aeexp.errors import ConfigError, RunBusyError, StoreUnreachableError, TrackingError
from aeexp.runtime.compat import forget_artifact_folders
from aeexp.tracking.artifacts import recordable_text
from aeexp.tracking.mlflow.database import create_database, database_file, database_uri
from aeexp.tracking.mlflow.errors import (
    RETRY_TIMEOUT,
    STORE_ERRORS,
    first_line,
    is_conflict,
    is_unreachable,
    retry,
    translated_errors,
    without_credentials,
)
from aeexp.tracking.mlflow.liveness import PROCESS, identity
from aeexp.tracking.mlflow.relocation import ARTIFACTS, FOLDER, relocate
from aeexp.tracking.mlflow.run import MlflowRun
from aeexp.tracking.mlflow.sqlite import CONTEXT
from aeexp.tracking.mlflow.store import MlflowStore
from aeexp.tracking.tracker import ActiveRun, DatasetSpec, RunSpec, Tracker

MODEL_TRAINING = {"mlflow.experimentKind": "custom_model_development"}
"""The tag by which the MLflow UI opens an experiment in its mode for training models."""

SECONDS_TO_ANSWER = 5
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class MlflowTracker(Tracker):
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

    @property
    def tracking_uri(self) -> str:
        """The URI of the tracking server or database in use."""
        named = self.uri or os.environ.get("MLFLOW_TRACKING_URI")
        return named or database_uri(Path(self.folder).absolute() / "mlflow.db")

    @property
    def store(self) -> MlflowStore:
        return MlflowStore(self.tracking_uri, self.experiment)

    def open(self) -> None:
        logging.getLogger("mlflow").setLevel(logging.WARNING)
        logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)  # it prints stacks of handled errors
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")  # runs go on while the store is unreachable
        uri = without_credentials(self.tracking_uri)
        try:
            if self.tracking_uri.startswith("http"):
                requests.get(f"{self.tracking_uri}/health", timeout=SECONDS_TO_ANSWER).raise_for_status()
                self._make_experiment()
            else:
                Path(self.folder).mkdir(parents=True, exist_ok=True)
                with FileLock(Path(self.folder) / ".lock"):
                    self._open_database()
                    retry(self._make_experiment, RETRY_TIMEOUT)
        except requests.RequestException as error:
            raise StoreUnreachableError(
                f"tracking: no MLflow server answers at {uri} ({type(error).__name__}). Start it, "
                "correct MLFLOW_TRACKING_URI or tracking.uri, or unset both to record in a local database."
            ) from error
        except (OSError, ImportError, ArgumentError, sqlite3.Error, *STORE_ERRORS) as error:
            raise StoreUnreachableError(
                f"tracking: cannot record runs at {uri} ({first_line(error)}). Name a server or database "
                "that can be written to in tracking.uri, or a writable folder in tracking.folder."
            ) from error

    def begin(self, spec: RunSpec) -> ActiveRun:
        client = mlflow.MlflowClient(self.tracking_uri)
        tags = {PROCESS: identity(), **{name: recordable_text(text) for name, text in spec.tags.items()}}
        name = recordable_text(spec.name)
        inputs = [_dataset_input(context, each) for context, each in spec.datasets.items()]
        with translated_errors(self.tracking_uri):
            info = retry(
                lambda: client.create_run(self._make_experiment(), run_name=name, tags=tags).info, RETRY_TIMEOUT
            )
            retry(
                lambda: client.log_inputs(info.run_id, inputs),
                RETRY_TIMEOUT,
                when=lambda error: (
                    is_unreachable(error) or is_conflict(error)
                ),  # two runs may log the same data at once
            )
        run = MlflowRun(client, info, self._outboxes, self.log_model)
        run.write_params(spec.params)
        for name, text in spec.texts.items():
            run.write_text(text, name)
        return run

    def resume(self, run_id: str) -> ActiveRun:
        with translated_errors(self.tracking_uri):
            client = self.store.client
            run = MlflowRun(client, client.get_run(run_id).info, self._outboxes, self.log_model)
            run.flush()
            status = client.get_run(run_id).info.status
            run.status_before = "KILLED" if status == "RUNNING" else status  # no other process holds its outbox
            run.epochs_written = max((point.step for point in client.get_metric_history(run_id, "val/loss")), default=0)
            client.set_tag(run_id, PROCESS, identity())
            client.update_run(run_id, status="RUNNING")
        return run

    def sync(self) -> Iterator[tuple[str, str]]:
        """Send what runs of this machine could not record while the store was unreachable.

        Yields:
            The id of each run and what became of it.
        """
        for folder in sorted(self._outboxes.glob("*")):
            yield folder.name, _sync(mlflow.MlflowClient(self.tracking_uri), folder)

    @property
    def _outboxes(self) -> Path:
        return Path(self.folder) / "outbox"

    @property
    def _artifacts(self) -> Path:
        """The folder of the files of runs: beside a SQLite database."""
        file = database_file(self.tracking_uri)
        return (Path(self.folder).absolute() if file is None else file.parent) / ARTIFACTS

    def _open_database(self) -> None:
        """Create the database if there is none, and find its files if the store has another place than before."""
        file = database_file(self.tracking_uri)
        if file is not None:
            create_database(file)
            forget_artifact_folders()
            for sentence in relocate(file, file.parent):
                LOG.warning(sentence)

    def _make_experiment(self) -> str:
        """The id of the experiment, which is created if it does not exist."""
        client = mlflow.MlflowClient(self.tracking_uri)
        if experiment := client.get_experiment_by_name(self.experiment):
            if experiment.lifecycle_stage == "deleted":
                raise ConfigError(
                    f"tracking.experiment: '{self.experiment}' was deleted in MLflow. Choose another name, or restore "
                    f"it: mlflow experiments restore --experiment-id {experiment.experiment_id}."
                )
            return experiment.experiment_id
        if self.tracking_uri.startswith("http"):
            return client.create_experiment(self.experiment, tags=MODEL_TRAINING)
        folder = self._artifacts.parent
        tags = {**MODEL_TRAINING, FOLDER: folder.as_uri()}
        return client.create_experiment(self.experiment, artifact_location=self._artifacts.as_uri(), tags=tags)


def _sync(client: mlflow.MlflowClient, outbox: Path) -> str:
    """What became of the run that left an outbox."""
    try:
        run = MlflowRun(client, client.get_run(outbox.name).info, outbox.parent, log_model=True)
    except RunBusyError:
        return "still at work"
    except STORE_ERRORS as error:
        if is_unreachable(error):
            return "still waiting: the store does not answer"
        uri = without_credentials(client.tracking_uri)
        return f"not at {uri} ({first_line(error)}); name the store it was begun in by tracking.uri"
    if not _send_all(run):
        return "still waiting: the store does not answer"
    return f"complete but for what the store refused, in {outbox}" if outbox.exists() else "complete"


def _send_all(run: MlflowRun) -> bool:
    """Send all that waits; each refusal puts one entry aside and ends the attempt."""
    while True:
        with suppress(TrackingError):
            return run.close()


def _dataset_input(context: str, dataset: DatasetSpec) -> DatasetInput:
    return DatasetInput(
        Dataset(
            name=dataset.name,
            digest=dataset.digest,
            source_type="code",
            source=json.dumps(dataset.source),
            profile=json.dumps(dataset.profile),
        ),
        [InputTag(CONTEXT, context)],
    )
