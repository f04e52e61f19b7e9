"""The winner of a sweep, for its row: the swept values with the best mean over the seeds, if it is so in each task."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from aeexp.config.aliases import current_key
from aeexp.config.short_names import short_names
from aeexp.listing.groups import means
from aeexp.listing.row import Row
from aeexp.sweeps.tasks import GAIN, REPETITIONS, task_axes
from aeexp.tracking.store import is_higher_better
from aeexp.tracking.tags import AXES_TAG, FORMER_METRIC, METRIC_TAG, MODE_TAG


@dataclass(frozen=True)
class Sweep:
    """The jobs of a sweep, compared as its report does.

    Args:
        parent: the sweep itself.
        jobs: the newest first.
    """

    parent: Row
    jobs: Sequence[Row]

    @cached_property
    def row(self) -> Row:
        """The row of the sweep, with the mean metrics of its winner."""
        if not self.jobs:
            return replace(self.parent, note="no job yet", runs=0)
        options = {
            group: ",".join(dict.fromkeys(job.chosen[group] for job in reversed(self.jobs) if group in job.chosen))
            for group in dict.fromkeys(group for job in self.jobs for group in job.chosen)
        }
        best = self.winner[1] if self.winner else self._completed if self._is_repetition else []
        averages, deviations = means(best)
        shown = best[0] if best else self.jobs[0]
        return replace(
            self.parent,
            chosen=options,
            metrics=averages,
            spread=deviations if self._is_repetition else {},
            monitor=shown.monitor,
            runs=len(self.jobs),
            note=self._note,
            tags={**shown.tags, **self.parent.tags},
        )

    @property
    def metric(self) -> str:
        """The metric by which the jobs are compared."""
        return self.parent.tags.get(METRIC_TAG, FORMER_METRIC)

    @property
    def higher_is_better(self) -> bool:
        """The direction of the metric."""
        mode = self.parent.tags.get(MODE_TAG)
        return mode == "max" if mode in ("min", "max") else is_higher_better(self.metric, self.jobs[0].tags)

    @cached_property
    def winner(self) -> tuple[str, list[Row]] | None:
        """The name of the best swept values and their jobs; None where each task has its own, or there is one point."""
        by_task = self._by_task
        first, *others = [self._best(points) for points in by_task.values()] or [None]
        if first is None or any(other != first for other in others) or max(map(len, by_task.values())) == 1:
            return None
        return first, [job for points in by_task.values() for job in points[first]]

    @property
    def best_jobs(self) -> list[Row]:
        """The best job of the best swept values, for each task."""
        best = [points[name] for points in self._by_task.values() if (name := self._best(points)) is not None]
        return [next(job for job in jobs if job.id == self._best({each.id: [each] for each in jobs})) for jobs in best]

    @property
    def _note(self) -> str:
        jobs = _counted(len(self.jobs), "job")
        of = f"{self.winner[0]} best of {jobs}" if self.winner else f"mean of {jobs}" if self._is_repetition else jobs
        tasks = {tuple(job.value(axis) for axis in self._tasks) for job in self.jobs}
        where = f" {'in each of' if self.winner else 'over'} {len(tasks)} tasks" if self._tasks else ""
        ended = [f"{count} {state}" for state in ("failed", "killed", "running") if (count := self._count(state))]
        return ", ".join([f"{of}{where}", *ended])

    @cached_property
    def _axes(self) -> tuple[str, ...]:
        """The swept keys, in the order of the command."""
        return tuple(map(current_key, json.loads(self.parent.tags.get(AXES_TAG, "[]"))))

    @cached_property
    def _tasks(self) -> tuple[str, ...]:
        """The swept keys that decide how hard the task is, where the metric depends on it and there are several."""
        if self.metric.startswith(GAIN):
            return ()
        return task_axes(self._axes, lambda axis: [job.value(axis) for job in self.jobs])

    @cached_property
    def _by_task(self) -> Mapping[tuple[str, ...], dict[str, list[Row]]]:
        """The finished jobs of each point of each task, by the names of the points."""
        compared = [axis for axis in self._axes if axis not in (*REPETITIONS, *self._tasks)]
        found: dict[tuple[str, ...], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for job in self._completed:
            values = zip(short_names(compared), map(job.value, compared), strict=True)
            name = " ".join(f"{axis}={value}" for axis, value in values if value)
            found[tuple(job.value(axis) for axis in self._tasks)][name].append(job)
        return found

    @property
    def _is_repetition(self) -> bool:
        """Whether the jobs are one training with several seeds or folds."""
        return bool(self._axes) and set(self._axes) <= set(REPETITIONS)

    @property
    def _completed(self) -> list[Row]:
        """The newest finished job of each point."""
        done = [job for job in self.jobs if job.state == "finished"]
        newest = {tuple(job.value(axis) for axis in self._axes): job for job in reversed(done)}
        return list(newest.values())

    def _best(self, points: dict[str, list[Row]]) -> str | None:
        """The point with the best mean, which a point without the metric or with NaN is not."""
        scores = {
            name: sum(job.metrics.get(self.metric, math.nan) for job in jobs) / len(jobs)
            for name, jobs in points.items()
        }
        known = {name: score for name, score in scores.items() if not math.isnan(score)}
        sign = -1 if self.higher_is_better else 1
        return min(known, key=lambda each: sign * known[each], default=None)

    def _count(self, state: str) -> int:
        return sum(job.state == state for job in self.jobs)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
