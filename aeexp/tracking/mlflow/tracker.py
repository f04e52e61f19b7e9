"""MLflow, by default in a SQLite file beside its artifacts."""

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import mlflow
import requests
from filelock import FileLock
from mlflow.entities import Dataset, DatasetInput, InputTag, Run
from mlflow.exceptions import MlflowException

from aeexp.errors import FileMissingError, RunBusyError, StoreUnreachableError
from aeexp.tracking.mlflow.current_store import current_store
from aeexp.tracking.mlflow.listing import list_runs
from aeexp.tracking.mlflow.liveness import PROCESS, end_dead_runs, identity
from aeexp.tracking.mlflow.outbox import STORE_ERRORS, retry
from aeexp.tracking.mlflow.registry import register_model
from aeexp.tracking.mlflow.run import RETRY_TIMEOUT, MlflowRun
from aeexp.tracking.mlflow.selection import find_run
from aeexp.tracking.store import RunInfo, Series
from aeexp.tracking.tracker import ActiveRun, DatasetSpec, RunSpec, Tracker

MODEL_TRAINING = {"mlflow.experimentKind": "custom_model_development"}
"""The tag by which the MLflow UI opens an experiment in its mode for training models."""

SECONDS_TO_ANSWER = 5


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

    def open(self) -> None:
        logging.getLogger("mlflow").setLevel(logging.WARNING)
        logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)  # it prints stacks of handled errors
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")  # for a run goes on while the store is away
        try:
            if self.tracking_uri.startswith("http"):
                requests.get(f"{self.tracking_uri}/health", timeout=SECONDS_TO_ANSWER).raise_for_status()
                self._experiment_id()
            else:
                Path(self.folder).mkdir(parents=True, exist_ok=True)
                with FileLock(Path(self.folder) / ".lock"):
                    _create_database(self.tracking_uri)
                    retry(self._experiment_id, RETRY_TIMEOUT)
        except requests.RequestException as error:
            raise StoreUnreachableError(
                f"tracking: no MLflow server answers at {self.tracking_uri} ({type(error).__name__}). Start it, mend "
                "MLFLOW_TRACKING_URI or tracking.uri, or unset both to record in a local database."
            ) from error
        except (OSError, *STORE_ERRORS) as error:
            raise StoreUnreachableError(
                f"tracking: cannot record runs in {self.folder} ({error}). Point tracking.folder at a writable folder."
            ) from error

    @property
    def tracking_uri(self) -> str:
        """Where the runs go."""
        return self.uri or os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{self.folder}/mlflow.db"

    def begin(self, details: RunSpec) -> ActiveRun:
        client = mlflow.MlflowClient(self.tracking_uri)
        tags = {PROCESS: identity(), **details.tags}
        info = retry(
            lambda: client.create_run(self._experiment_id(), run_name=details.name, tags=tags).info, RETRY_TIMEOUT
        )
        inputs = [_dataset(context, each) for context, each in details.datasets.items()]
        retry(lambda: _log_inputs(client, info.run_id, inputs), RETRY_TIMEOUT)
        run = MlflowRun(client, info, self._outboxes, self.log_model)
        run.write_params(details.params)
        for name, text in details.texts.items():
            run.write_text(text, name)
        return run

    def resume(self, run_id: str) -> ActiveRun:
        client = mlflow.MlflowClient(self.tracking_uri)
        run = MlflowRun(client, client.get_run(run_id).info, self._outboxes, self.log_model)
        run.flush()
        status = client.get_run(run_id).info.status
        run.status_before = "KILLED" if status == "RUNNING" else status  # for nobody else is at work on it
        client.set_tag(run_id, PROCESS, identity())
        client.update_run(run_id, status="RUNNING")
        run.epochs_written = max((point.step for point in client.get_metric_history(run_id, "val/loss")), default=0)
        return run

    def sync(self) -> Iterator[tuple[str, str]]:
        """Bring in what runs could not record while the store was away.

        Yields:
            The id of each run and what became of it.
        """
        client = mlflow.MlflowClient(self.tracking_uri)
        for folder in sorted(self._outboxes.glob("*")):
            yield folder.name, _sync(client, folder)

    @property
    def _outboxes(self) -> Path:
        return Path(self.folder) / "outbox"

    def find(self, selector: str, *, unfinished: bool = False) -> str:
        client = mlflow.MlflowClient(self.tracking_uri)
        return find_run(client, self._experiment_id(), selector, unfinished).info.run_id

    def read_file(self, run_id: str, name: str, folder: Path) -> Path:
        client = mlflow.MlflowClient(self.tracking_uri)
        try:
            return Path(client.download_artifacts(run_id, name, str(folder)))
        except (OSError, MlflowException) as error:
            raise FileMissingError(
                f"run {run_id} has no file {name}; it ended before it was written ({error})."
            ) from error

    def recorded(self, run_id: str) -> RunInfo:
        return _recorded(mlflow.MlflowClient(self.tracking_uri).get_run(run_id))

    def series(self, run_id: str) -> dict[str, Series]:
        client = mlflow.MlflowClient(self.tracking_uri)
        names = client.get_run(run_id).data.metrics
        return {name: {each.step: each.value for each in client.get_metric_history(run_id, name)} for name in names}

    def runs(self, condition: str, sort: str | None, limit: int) -> list[RunInfo]:
        """Recorded runs that meet a condition in MLflow's language: those best in a metric, or the newest, first."""
        client = mlflow.MlflowClient(self.tracking_uri)
        return [_recorded(run) for run in list_runs(client, self._experiment_id(), condition, sort, limit)]

    def end_dead_runs(self) -> None:
        """Mark what still counts as running although its process was killed."""
        end_dead_runs(mlflow.MlflowClient(self.tracking_uri), self._experiment_id())

    def register(self, run_id: str, name: str, alias: str | None) -> int:
        """Enter the model of a run into the registry, and give its version."""
        client = mlflow.MlflowClient(self.tracking_uri)
        with current_store(self.tracking_uri):
            return register_model(client, client.get_run(run_id), name, alias)

    def _experiment_id(self) -> str:
        client = mlflow.MlflowClient(self.tracking_uri)
        if experiment := client.get_experiment_by_name(self.experiment):
            return experiment.experiment_id
        local = not self.tracking_uri.startswith("http")
        artifacts = (Path(self.folder) / "artifacts").as_uri() if local else None
        return client.create_experiment(self.experiment, artifact_location=artifacts, tags=MODEL_TRAINING)


def _sync(client: mlflow.MlflowClient, outbox: Path) -> str:
    """What became of the run that left an outbox."""
    try:
        info = client.get_run(outbox.name).info
        run = MlflowRun(client, info, outbox.parent, log_model=True)
    except RunBusyError:
        return "still at work"
    except MlflowException as error:
        return f"not at {client.tracking_uri} ({error}); name the store it was begun in by tracking.uri"
    if not run.close():
        return "still waiting: the store does not answer"
    return f"complete but for what the store refused, in {outbox}" if outbox.exists() else "complete"


def _recorded(run: Run) -> RunInfo:
    inputs = run.inputs.dataset_inputs if run.inputs else []
    return RunInfo(
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


def _dataset(context: str, details: DatasetSpec) -> DatasetInput:
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
