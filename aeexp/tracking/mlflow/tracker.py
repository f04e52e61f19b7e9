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
from mlflow.entities import Dataset, DatasetInput, InputTag
from sqlalchemy.exc import ArgumentError

from aeexp.errors import ConfigError, RunBusyError, StoreUnreachableError, TrackingError
from aeexp.runtime.compat import forget_artifact_folders
from aeexp.runtime.files import locked
from aeexp.tracking.artifacts import recordable_text
from aeexp.tracking.mlflow.addresses import SECONDS_TO_ANSWER, check_address
from aeexp.tracking.mlflow.database import create_database, database_file, database_uri
from aeexp.tracking.mlflow.errors import (
    RETRY_TIMEOUT,
    STORE_ERRORS,
    first_line,
    is_unreachable,
    may_succeed_later,
    retry,
    translated_errors,
    without_credentials,
)
from aeexp.tracking.mlflow.liveness import identity
from aeexp.tracking.mlflow.outbox import remove_empty
from aeexp.tracking.mlflow.read_only import is_read_only, readable_file
from aeexp.tracking.mlflow.relocation import ARTIFACTS, FOLDER, relocate
from aeexp.tracking.mlflow.run import MlflowRun
from aeexp.tracking.mlflow.sqlite import CONTEXT
from aeexp.tracking.mlflow.store import MlflowStore, refuse_deleted
from aeexp.tracking.tags import PROCESS_TAG
from aeexp.tracking.tracker import ActiveRun, DatasetSpec, RunSpec, Tracker

MODEL_TRAINING = {"mlflow.experimentKind": "custom_model_development"}
"""The tag by which the MLflow UI opens an experiment in its mode for training models."""

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
        file = database_file(self.tracking_uri)
        uri = self.tracking_uri if file is None else database_uri(readable_file(file))
        return MlflowStore(uri, self.experiment)

    def open(self, *, to_write: bool = True) -> None:
        quiet_mlflow()
        if not self.experiment:
            raise ConfigError("tracking.experiment: it needs a name. Received none; use, for example, aeexp.")
        check_address(self.tracking_uri, "tracking.uri" if self.uri else "MLFLOW_TRACKING_URI")
        file = database_file(self.tracking_uri)
        if file is not None and is_read_only(file):
            if to_write:
                raise StoreUnreachableError(
                    f"tracking: the store in {file.parent} is read-only; make it writable, or choose another folder "
                    "by home=FOLDER."
                )
            return
        try:
            if self.tracking_uri.startswith("http"):
                requests.get(f"{self.tracking_uri}/health", timeout=SECONDS_TO_ANSWER).raise_for_status()
                self._make_experiment()
            else:
                self._open_database(file)
            remove_empty(self._outboxes)
        except (OSError, ImportError, ArgumentError, sqlite3.Error, *STORE_ERRORS) as error:
            raise self._opening_error(error) from error

    def begin(self, spec: RunSpec) -> ActiveRun:
        client = mlflow.MlflowClient(self.tracking_uri)
        tags = {PROCESS_TAG: identity(), **{name: recordable_text(text) for name, text in spec.tags.items()}}
        name = recordable_text(spec.name)
        inputs = [_dataset_input(context, each) for context, each in spec.datasets.items()]
        with translated_errors(self.tracking_uri):
            info = retry(
                lambda: client.create_run(self._make_experiment(), run_name=name, tags=tags).info, RETRY_TIMEOUT
            )
            retry(
                lambda: client.log_inputs(info.run_id, inputs),
                RETRY_TIMEOUT,
                when=may_succeed_later,  # two runs may log the same data at once
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
            client.set_tag(run_id, PROCESS_TAG, identity())
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

    def _open_database(self, file: Path | None) -> None:
        """Create what there is not yet, and find the files of a store that has another place than before."""
        folder = Path(self.folder) if file is None else file.parent
        folder.mkdir(parents=True, exist_ok=True)
        if file is None or not file.exists():
            with locked(folder / ".lock"):
                create_database(self.tracking_uri)
        if file is not None:
            forget_artifact_folders()
            for sentence in relocate(file, file.parent):
                LOG.warning(sentence)
        retry(self._make_experiment, RETRY_TIMEOUT, when=may_succeed_later)

    def _opening_error(self, error: Exception) -> StoreUnreachableError:
        uri = without_credentials(self.tracking_uri)
        if isinstance(error, requests.RequestException):
            return StoreUnreachableError(
                f"tracking: no MLflow server answers at {uri} ({type(error).__name__}). Start it, "
                "correct MLFLOW_TRACKING_URI or tracking.uri, or unset both to record in a local database."
            )
        return StoreUnreachableError(
            f"tracking: cannot record runs at {uri} ({first_line(error)}). Name a server or database that can be "
            "written to in tracking.uri, or a writable folder in home."
        )

    def _make_experiment(self) -> str:
        """The id of the experiment, which is created if it does not exist."""
        client = mlflow.MlflowClient(self.tracking_uri)
        if experiment := client.get_experiment_by_name(self.experiment):
            refuse_deleted(experiment, self.tracking_uri)
            return experiment.experiment_id
        if self.tracking_uri.startswith("http"):
            return client.create_experiment(self.experiment, tags=MODEL_TRAINING)
        folder = self._artifacts.parent
        tags = {**MODEL_TRAINING, FOLDER: folder.as_uri()}
        return client.create_experiment(self.experiment, artifact_location=self._artifacts.as_uri(), tags=tags)


def quiet_mlflow() -> None:
    """Leave what MLflow, and what sends its requests, would say of each try to the messages of aeexp."""
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    for noisy in ("mlflow.store.db.utils", "urllib3"):  # stacks of handled errors, and a warning for each retry
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"  # it would print passwords with it
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")  # runs go on while the store is unreachable


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
