"""Queries over the runs of an MLflow experiment."""

import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from mlflow import MlflowClient
from mlflow.entities import Experiment, LifecycleStage, Run

from aeexp.errors import ConfigError, FileMissingError, RunNotFoundError, StoreUnreachableError, TrackingError
from aeexp.tracking.mlflow.current_store import current_store
from aeexp.tracking.mlflow.database import database_file
from aeexp.tracking.mlflow.errors import STORE_ERRORS, first_line, translated_errors, without_credentials
from aeexp.tracking.mlflow.listing import higher_is_better, list_runs
from aeexp.tracking.mlflow.liveness import end_dead_runs
from aeexp.tracking.mlflow.registry import register_model
from aeexp.tracking.mlflow.relocation import local_path
from aeexp.tracking.mlflow.selection import find_run
from aeexp.tracking.mlflow.sqlite import CONTEXT
from aeexp.tracking.store import Files, RunInfo, Runs, RunStore, Series, check_limit


@dataclass(frozen=True)
class MlflowStore(RunStore):
    """Queries over the runs of one MLflow experiment.

    Args:
        uri: of the tracking server or database.
        experiment: the name of the experiment.
    """

    uri: str
    experiment: str

    @property
    def client(self) -> MlflowClient:
        """MLflow's own access to the store.

        Raises:
            StoreUnreachableError: where it is a database file that does not exist; MLflow would make an empty one.
        """
        file = database_file(self.uri)
        if file is not None and not file.exists():
            raise StoreUnreachableError(
                f"there is no tracking database at {file}; was it moved, or its disk unmounted?"
            )
        return MlflowClient(self.uri)

    @property
    def experiment_id(self) -> str:
        """The id of the experiment, which a tracker that was opened to write has made sure of.

        Raises:
            RunNotFoundError: where there is none.
            ConfigError: where it was deleted.
        """
        with translated_errors(self.uri):
            experiment = self.client.get_experiment_by_name(self.experiment)
        if experiment is None:
            raise RunNotFoundError(f"the tracking store has no experiment named {self.experiment}.")
        refuse_deleted(experiment, self.uri)
        return experiment.experiment_id

    def find(self, selector: str, *, unfinished: bool = False) -> str:
        with translated_errors(self.uri):
            return find_run(self.client, self.experiment_id, selector, unfinished).info.run_id

    def list(self, condition: str = "", sort: str | None = None, limit: int = 1000) -> Runs:
        check_limit(limit)
        with translated_errors(self.uri):
            return [_run_info(run) for run in list_runs(self.client, self.experiment_id, condition, sort, limit)]

    def info(self, run_id: str) -> RunInfo:
        with translated_errors(self.uri):
            return _run_info(self.client.get_run(run_id))

    def metric_history(self, run_id: str) -> dict[str, Series]:
        with translated_errors(self.uri):
            client = self.client
            names = client.get_run(run_id).data.metrics
            return {name: {each.step: each.value for each in client.get_metric_history(run_id, name)} for name in names}

    def read_file(self, run_id: str, name: str, folder: Path) -> Path:
        with translated_errors(self.uri):
            try:
                return Path(self.client.download_artifacts(run_id, name, str(folder)))
            except (OSError, *STORE_ERRORS) as error:
                raise self._reading_error(run_id, name, error) from error

    def list_files(self, run_id: str, folder: str) -> Files:
        with translated_errors(self.uri):
            return [each.path for each in self.client.list_artifacts(run_id, folder) if not each.is_dir]

    def higher_is_better(self, metric: str) -> bool:
        with translated_errors(self.uri):
            return higher_is_better(self.client, self.experiment_id, metric)

    def end_dead_runs(self) -> None:
        """Mark the runs as killed that are recorded as running although their process is dead."""
        with translated_errors(self.uri):
            end_dead_runs(self.client, self.experiment_id)

    def register(self, run_id: str, name: str, alias: str | None) -> int:
        """Enter the model of a run into the registry.

        Returns:
            The version.

        Raises:
            ConfigError: where the run has no model, or MLflow refuses the name or the alias.
        """
        with translated_errors(self.uri), current_store(self.uri):
            client = self.client
            return register_model(client, client.get_run(run_id), name, alias)

    def _reading_error(self, run_id: str, name: str, error: Exception) -> TrackingError:
        """The meaning of an error that MLflow gives for a missing file as well as for one that it cannot fetch."""
        folder = local_path(self.client.get_run(run_id).info.artifact_uri)
        if folder is not None and not folder.exists():
            return StoreUnreachableError(
                f"the files of run {run_id} are not at {folder}. Were they deleted, or is their disk unmounted? "
                "Put them back there."
            )
        if not self._has_file(run_id, name):
            return FileMissingError(f"run {run_id} has no file {name}; it may have ended before writing it.")
        return StoreUnreachableError(
            f"the tracking store lists the file {name} of run {run_id} but does not give it ({first_line(error)})."
        )

    def _has_file(self, run_id: str, name: str) -> bool:
        parent = str(PurePosixPath(name).parent)
        files = self.client.list_artifacts(run_id, None if parent == "." else parent)
        return any(each.path == name for each in files)


def refuse_deleted(experiment: Experiment, uri: str) -> None:
    """Refuse an experiment that was deleted in MLflow, which keeps its runs but shows none.

    Raises:
        ConfigError: saying how to restore it.
    """
    if experiment.lifecycle_stage == LifecycleStage.DELETED:
        restore = f"mlflow experiments restore --experiment-id {experiment.experiment_id}"
        raise ConfigError(
            f"tracking.experiment: '{experiment.name}' was deleted in MLflow. Restore it with all its runs: "
            f"MLFLOW_TRACKING_URI={shlex.quote(without_credentials(uri))} {restore}; or choose another name, such as "
            f"tracking.experiment={experiment.name}2."
        )


def _run_info(run: Run) -> RunInfo:
    inputs = run.inputs.dataset_inputs if run.inputs else []
    return RunInfo(
        id=run.info.run_id,
        name=str(run.info.run_name),
        status=run.info.status,
        begin=datetime.fromtimestamp(run.info.start_time / 1000),
        end=datetime.fromtimestamp(run.info.end_time / 1000) if run.info.end_time else None,
        location=str(run.info.artifact_uri),
        params=run.data.params,
        tags=run.data.tags,
        metrics=run.data.metrics,
        digests={tag.value: each.dataset.digest for each in inputs for tag in each.tags if tag.key == CONTEXT},
    )
