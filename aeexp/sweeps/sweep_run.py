"""A sweep in MLflow: one parent run, and the runs of its jobs beneath it."""

import json
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from mlflow import MlflowClient
from mlflow.entities import Run, RunTag

from aeexp.config.aliases import current_key
from aeexp.errors import RunBusyError
from aeexp.runs.trust import read_config
from aeexp.runtime.credentials import without_credentials
from aeexp.sweeps.jobs import KEY_VERSION, Plan, key_of
from aeexp.tracking.mlflow.liveness import SECONDS_BETWEEN_BEATS, Heartbeat, beat, end_dead_runs
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tags import (
    AXES_TAG,
    CHANGED_TAG,
    COMMAND_TAG,
    FORMER_METRIC,
    KEY_TAG,
    KEY_VERSION_TAG,
    KIND_TAG,
    METRIC_TAG,
    MODE_TAG,
    PARENT_TAG,
    PROCESS_TAG,
)

ENDED = {"FINISHED", "FAILED", "KILLED"}


@dataclass(frozen=True)
class SweepRun:
    """The run of one sweep, and the runs of its jobs.

    Args:
        uri: of the MLflow store.
        experiment: its id.
        parent: the id of the parent run.
    """

    uri: str
    experiment: str
    parent: str

    @classmethod
    def finished_before(cls, tracker: MlflowTracker, plan: Plan) -> set[str]:
        """The keys of the jobs of a plan that have finished before."""
        client = MlflowClient(tracker.tracking_uri)
        experiment = experiment_id(client, tracker.experiment)
        parents = _begun_before(client, experiment, plan)
        return cls(tracker.tracking_uri, experiment, parents[0].info.run_id).finished_keys() if parents else set()

    @classmethod
    def is_of_older_version(cls, tracker: MlflowTracker, plan: Plan) -> bool:
        """Whether the last sweep with the same key is of a version that did not hold out validation images."""
        client = MlflowClient(tracker.tracking_uri)
        parents = _begun_before(client, experiment_id(client, tracker.experiment), plan)
        return bool(parents) and KEY_VERSION_TAG not in parents[0].data.tags

    @classmethod
    def begin(cls, tracker: MlflowTracker, plan: Plan, name: str | None) -> "SweepRun":
        """The run of the last sweep with the same key, continued, or a new one.

        Raises:
            RunBusyError: if another process is running that sweep.
        """
        client = MlflowClient(tracker.tracking_uri)
        experiment = experiment_id(client, tracker.experiment)
        end_dead_runs(client, experiment)
        parents = _begun_before(client, experiment, plan)
        if not parents:
            name = without_credentials(name) if name else f"sweep {' × '.join(plan.axes)}"
            keys = {KEY_TAG: plan.key, KEY_VERSION_TAG: KEY_VERSION}
            tags = {KIND_TAG: "sweep", **keys, AXES_TAG: json.dumps(plan.axes), **beat()}
            return cls(tracker.tracking_uri, experiment, client.create_run(experiment, None, tags, name).info.run_id)
        _refuse_running(parents[0])
        sweep_run = cls(tracker.tracking_uri, experiment, parents[0].info.run_id)
        client.update_run(sweep_run.parent, status="RUNNING")
        sweep_run.write_tags(beat())
        return sweep_run

    @cached_property
    def client(self) -> MlflowClient:
        return MlflowClient(self.uri)

    @property
    def axes(self) -> tuple[str, ...]:
        """The swept keys, in the order of the command."""
        return tuple(map(current_key, json.loads(self.client.get_run(self.parent).data.tags[AXES_TAG])))

    @property
    def command(self) -> str:
        """The command as it was typed; empty where an older version did not record it."""
        words = self.client.get_run(self.parent).data.tags.get(COMMAND_TAG, "")
        return f"aeexp {words}" if words else ""

    @property
    def metric(self) -> str:
        """What the jobs are compared by."""
        return self.client.get_run(self.parent).data.tags.get(METRIC_TAG, FORMER_METRIC)

    def write_tags(self, tags: dict[str, str]) -> None:
        self.client.log_batch(self.parent, tags=[RunTag(name, value) for name, value in tags.items()])

    def describe(self, command: list[str], metric: str, mode: str | None) -> None:
        """Store the command as it was typed, and what its jobs are compared by; the last, if there were several."""
        words = without_credentials(" ".join(command))
        self.client.log_text(self.parent, f"aeexp {words}\n", "command.txt")
        source = {"mlflow.source.name": f"aeexp {words}", "mlflow.source.type": "JOB"}
        self.write_tags({COMMAND_TAG: words, METRIC_TAG: metric, MODE_TAG: mode or "", **source})

    def children(self, conditions: str = "", limit: int | None = None) -> list[Run]:
        """The runs of the jobs, the newest first."""
        where = f"tags.`{PARENT_TAG}` = '{self.parent}'{conditions}"
        return list(_search(self.client, self.experiment, where, limit))

    def finished_keys(self, since: int = 0) -> set[str]:
        """The keys of the finished jobs, of those started since a time in milliseconds."""
        conditions = f" and attributes.status = 'FINISHED' and attributes.start_time >= {since}"
        return {self._key(run) for run in self.children(conditions)}

    def end_children(self, status: str, keys: Collection[str] | None = None) -> set[str]:
        """Set the status of the jobs' runs that still count as running, of some keys or all.

        Returns:
            Their keys.
        """
        running = self.children(" and attributes.status = 'RUNNING'")
        ended = {key: run for run in running if (key := self._key(run)) and (keys is None or key in keys)}
        for run in ended.values():
            self.client.set_terminated(run.info.run_id, status)
        return set(ended)

    def _key(self, run: Run) -> str:
        """The key of a job's run; computed from the stored config of an older version, or one that was changed."""
        if run.data.tags.get(KEY_VERSION_TAG) == KEY_VERSION and CHANGED_TAG not in run.data.tags:
            return run.data.tags[KEY_TAG]
        with TemporaryDirectory() as folder:
            path = self.client.download_artifacts(run.info.run_id, "config.yaml", folder)
            key = key_of(read_config(Path(path), run.info.run_id))
        tags = [RunTag(KEY_TAG, key), RunTag(KEY_VERSION_TAG, KEY_VERSION)]
        self.client.log_batch(run.info.run_id, tags=tags)
        return key

    @contextmanager
    def open(self) -> Iterator[None]:
        """Tags the run as alive inside the `with`, and ends it and its unfinished jobs with the right status."""
        status = "FAILED"
        try:
            with Heartbeat(lambda: self.write_tags(beat()), SECONDS_BETWEEN_BEATS):
                yield
            status = "FINISHED"
        except KeyboardInterrupt:
            status = "KILLED"
            raise
        finally:
            self.client.set_terminated(self.parent, status)
            self.end_children("KILLED")


def experiment_id(client: MlflowClient, name: str) -> str:
    """The id of an experiment, which an opened tracker has created."""
    experiment = client.get_experiment_by_name(name)
    assert experiment
    return experiment.experiment_id


def sweeps(client: MlflowClient, experiment: str, conditions: str = "") -> list[Run]:
    """The parent runs of sweeps, the newest first."""
    return list(_search(client, experiment, f"tags.`{KIND_TAG}` = 'sweep'{conditions}"))


def _begun_before(client: MlflowClient, experiment: str, plan: Plan) -> list[Run]:
    """The sweeps of a command; by the key that it had before, only those of older versions."""
    found = sweeps(client, experiment, f" and tags.`{KEY_TAG}` = '{plan.key}'")
    if plan.former_key == plan.key:
        return found
    former = sweeps(client, experiment, f" and tags.`{KEY_TAG}` = '{plan.former_key}'")
    return found + [run for run in former if KEY_VERSION_TAG not in run.data.tags]


def _refuse_running(parent: Run) -> None:
    if parent.info.status == "RUNNING":
        host, number, _ = parent.data.tags[PROCESS_TAG].split(" ")
        raise RunBusyError(
            f"this sweep is under way as process {number} on {host}; wait for it or stop it, then start it again."
        )


def _search(client: MlflowClient, experiment: str, where: str, limit: int | None = None) -> Iterator[Run]:
    token, left = None, sys.maxsize if limit is None else limit
    while left:
        page = client.search_runs(
            [experiment], where, max_results=min(left, 500), order_by=["attributes.start_time DESC"], page_token=token
        )
        yield from page
        token, left = page.token, left - len(page)
        if not token:
            return
