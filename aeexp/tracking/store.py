"""The contract of a run store: what has been recorded is found and read there."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aeexp.errors import ConfigError
from aeexp.tracking.tags import HIGHER_IS_BETTER_TAG, LOWER_IS_BETTER_TAG

UNTAGGED_HIGHER_IS_BETTER = ("psnr", "ssim", "accuracy", "active_units")
UNTAGGED_LOWER_IS_BETTER = ("bce", "mse", "mae", "kl", "kl_lecture", "loss")
"""Endings of metrics of which a higher or lower value is better, for runs of versions that did not record the tags."""

MAX_LIMIT = 50_000
"""Runs that MLflow returns at most at a time."""

Series = dict[int, float]
"""The values of one metric by step: an epoch, counted from 1, or 0 for a value of the whole run."""


@dataclass(frozen=True)
class RunInfo:
    """A recorded run.

    Args:
        status: RUNNING, FINISHED, FAILED or KILLED.
        begin: when it began.
        end: when it ended; None while it is at work.
        location: the folder or address of its files.
        params: the settings by which runs are compared.
        tags: free text by name, such as the git commit.
        metrics: the last value of each.
        digests: of the data, by context (`train`, `test`).
    """

    id: str
    name: str
    status: str
    begin: datetime
    end: datetime | None = None
    location: str = ""
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)


Runs = list[RunInfo]
Files = list[str]


class RunStore(ABC):
    """Queries over recorded runs. It is read here and written by a `Tracker`.

    Each method raises StoreUnreachableError where the store does not answer, and each that takes a `run_id`
    RunNotFoundError where there is no such run.
    """

    @abstractmethod
    def find(self, selector: str, *, unfinished: bool = False) -> str:
        """The id of the run that a selector means.

        Args:
            selector: an id or its unambiguous beginning; `latest`, the last finished training; `best:<metric>`, the
                finished training with the best last value of it; or what else the store knows runs by.
            unfinished: whether `latest` may be a training that has not finished.

        Raises:
            RunNotFoundError: where it means none, or more than one.
        """

    @abstractmethod
    def list(self, condition: str = "", sort: str | None = None, limit: int = 1000) -> Runs:
        """The runs that meet a condition, the newest first.

        Args:
            condition: in the language of the store; empty means all runs.
            sort: a metric; the best value then comes first, and runs without it come last.
            limit: the highest number of runs, from 1 to 50000.

        Raises:
            ConfigError: where the store does not understand the condition.
        """

    @abstractmethod
    def info(self, run_id: str) -> RunInfo:
        """A run in all that is known of it without its files."""

    @abstractmethod
    def metric_history(self, run_id: str) -> dict[str, Series]:
        """All values of each metric of a run."""

    @abstractmethod
    def read_file(self, run_id: str, name: str, folder: Path) -> Path:
        """Fetch a file of a run, such as `weights/last.weights.h5`, into a folder that exists.

        Raises:
            FileMissingError: where the run has no such file.
        """

    @abstractmethod
    def list_files(self, run_id: str, folder: str) -> Files:
        """The names of the files in a folder of a run, such as `figures/reconstructions.png`."""

    @abstractmethod
    def higher_is_better(self, metric: str) -> bool:
        """Whether a higher value of a metric is better, as the newest run that has the metric says by its tag."""


def is_higher_better(metric: str, tags: Mapping[str, str]) -> bool:
    """Whether a higher value of a metric is better, as far as it is known."""
    return direction(metric, tags) is True


def direction(metric: str, tags: Mapping[str, str]) -> bool | None:
    """Whether a higher value of a metric is better, according to the tags of a run that has it.

    Returns:
        None where the run does not say, as of a number from a report of the user's own.
    """
    name = metric.rpartition("/")[2]
    if name in tags.get(HIGHER_IS_BETTER_TAG, "").split():
        return True
    if HIGHER_IS_BETTER_TAG not in tags and name.endswith(UNTAGGED_HIGHER_IS_BETTER):
        return True
    if LOWER_IS_BETTER_TAG in tags:
        return False if name in tags[LOWER_IS_BETTER_TAG].split() else None
    is_lower = name.startswith("loss_") or name.endswith(UNTAGGED_LOWER_IS_BETTER)
    return False if is_lower else None


def check_limit(limit: int) -> None:
    """Refuse a number of runs that cannot be listed.

    Raises:
        ConfigError: naming the range.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise ConfigError(f"limit: it must be from 1 to {MAX_LIMIT}. Received limit={limit}.")
