"""Jobs of a sweep that are compared, those that are not, and what a comparison has to say of both."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlflow.entities import Run

from aeexp.config.aliases import recorded_param
from aeexp.tracking.changed import params_in_force
from aeexp.tracking.tags import CHANGED_TAG

WITHOUT = "–"
"""The value of an axis for a job that does not have it, as `corruption.noise.std` for `corruption=none`."""

MOST = 3
"""Jobs that a remark names."""

FINISHED = "FINISHED"


@dataclass(frozen=True)
class ComparedJobs:
    """The jobs of a sweep, sorted by whether their results can be compared.

    Args:
        compared: the newest finished job of each point.
        missing: the newest job of each point without a finished one, such as a job that diverged.
        moved: finished jobs that were resumed with another value of a swept key than that of their point.
    """

    compared: Sequence[Run]
    missing: Sequence[Run]
    moved: Sequence[Run]

    @classmethod
    def among(cls, runs: Sequence[Run], swept: Sequence[str]) -> "ComparedJobs":
        """The jobs among all runs of a sweep, the newest first."""
        finished = [run for run in runs if run.info.status == FINISHED]
        moved = [run for run in finished if any(f"{axis} " in run.data.tags.get(CHANGED_TAG, "") for axis in swept)]
        compared = _newest([run for run in finished if run not in moved], swept)
        others = _newest([run for run in runs if run.info.status != FINISHED], swept)
        missing = [run for values, run in others.items() if values not in compared]
        return cls(list(compared.values()), missing, moved)

    @property
    def remarks(self) -> tuple[str, ...]:
        """A sentence on the jobs of each kind that are not compared, or were not trained like the others."""
        by_status: dict[str, list[str]] = defaultdict(list)
        for run in self.missing:
            by_status[run.info.status.lower()].append(str(run.info.run_name))
        states = [f"{len(names)} {status} ({_some(names)})" for status, names in by_status.items()]
        said = {
            "Not compared, since they have not finished": "; ".join(states),
            "Not compared, since they were resumed with another value of a swept key": _some(_settings(self.moved)),
            "Compared, although resumed with settings that other jobs do not have": _some(_settings(self._odd)),
        }
        return tuple(f"{title}: {text}." for title, text in said.items() if text)

    @property
    def _odd(self) -> list[Run]:
        """The compared jobs that were resumed, unless all have the same values of what was changed."""
        values = [params_in_force(run.data.params, run.data.tags) for run in self.compared]
        changed = {key for run in self.compared for key in _changes(run)}
        different = {key for key in changed if len({each.get(key) for each in values}) > 1}
        return [run for run in self.compared if different & set(_changes(run))]


def point_of(run: Run, swept: Sequence[str]) -> dict[str, str]:
    """The values of the swept keys that a job was started with."""
    return {axis: recorded_param(run.data.params, axis) or WITHOUT for axis in swept}


def _newest(runs: Sequence[Run], swept: Sequence[str]) -> dict[tuple[str, ...], Run]:
    newest: dict[tuple[str, ...], Run] = {}
    for run in runs:
        newest.setdefault(tuple(point_of(run, swept).values()), run)
    return newest


def _settings(runs: Sequence[Run]) -> list[str]:
    return [f"{run.info.run_id[:8]} {' '.join(f'{key}={each}' for key, each in _changes(run).items())}" for run in runs]


def _changes(run: Run) -> Mapping[str, str]:
    params = run.data.params
    return {key: value for key, value in params_in_force(params, run.data.tags).items() if params.get(key) != value}


def _some(names: Sequence[str]) -> str:
    return ", ".join([*names[:MOST], *(["…"] if len(names) > MOST else [])])
