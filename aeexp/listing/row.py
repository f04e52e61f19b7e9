"""A row of a list of runs: one run, a sweep with its jobs folded into it, or runs that differ in little."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aeexp.listing.choices import choices
from aeexp.listing.settings import changed, settings
from aeexp.tracking.changed import params_in_force
from aeexp.tracking.store import RunInfo
from aeexp.tracking.tags import KIND_TAG, PARENT_TAG, REPRODUCES_TAG

TRAINING, EVALUATION, SWEEP = "training", "evaluation", "sweep"
DEFAULT_MONITOR = "val/loss"


@dataclass(frozen=True)
class Row:
    """What is known of a run, or the same of several in one.

    Args:
        kind: a `training`, `evaluation`, `reproduction`, `transfer` or `sweep`.
        parent: the id of the run that it belongs to; empty for none.
        state: running, finished, failed or killed.
        chosen: the options it was composed of, by group.
        settings: those that can change its result.
        changed: those of its settings that are not the default.
        metrics: the last value of each; of several runs the mean.
        spread: the standard deviation of each metric, where it stands for several runs.
        monitor: the metric that selected its weights.
        runs: how many it stands for.
        note: what a sweep has found.
        depth: how far it is indented.
        digests: of the data, by context (`train`, `test`).
    """

    id: str
    name: str
    kind: str
    parent: str
    state: str
    begin: datetime
    end: datetime | None
    chosen: Mapping[str, str]
    settings: Mapping[str, str]
    changed: Mapping[str, str]
    metrics: Mapping[str, float]
    monitor: str
    params: Mapping[str, str]
    tags: Mapping[str, str]
    spread: Mapping[str, float] = field(default_factory=dict)
    runs: int = 1
    note: str = ""
    depth: int = 0
    digests: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_run(cls, run: RunInfo) -> "Row":
        """The row of a single run."""
        params = params_in_force(run.params, run.tags)
        chosen, values = choices(params), settings(params)
        return cls(
            id=run.id,
            name=run.name,
            kind=run.tags.get(KIND_TAG, TRAINING),
            parent=run.tags.get(PARENT_TAG) or run.tags.get(REPRODUCES_TAG, ""),
            state=run.status.lower(),
            begin=run.begin,
            end=run.end,
            chosen=chosen,
            settings=values,
            changed=changed(values, chosen),
            metrics=run.metrics,
            monitor=params.get("trainer.monitor", DEFAULT_MONITOR),
            params=params,
            tags=run.tags,
            digests=run.digests,
        )

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it is at work."""
        return (self.end - self.begin).total_seconds() if self.end else None

    def value(self, key: str) -> str:
        """An option or a setting by its key, or what else was recorded under it; empty where the run has none."""
        return self.chosen.get(key) or self.settings.get(key) or self.params.get(key.replace("/", "."), "")
