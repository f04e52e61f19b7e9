"""Details of a run: settings that are not the default, metrics of its best and last epoch, what belongs to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aeexp.config.options import train_defaults
from aeexp.config.wrong_types import REQUIRED
from aeexp.listing.choices import CHOICES, default_choice
from aeexp.listing.row import SWEEP, TRAINING, Row
from aeexp.listing.settings import default_of
from aeexp.listing.winner import Sweep
from aeexp.runs.next_steps import next_steps, store_overrides
from aeexp.tracking.store import Series, is_higher_better

LISTED = ("metric", "baseline", "report")
"""Groups that hold several components, of which the config of a run lists the names."""


@dataclass(frozen=True)
class Epochs:
    """The metrics of the best and the last epoch of a training.

    Args:
        best: the epoch with the best value of the monitored metric, counted from 1; None before the first.
        last: the last epoch that was recorded.
    """

    best: int | None
    last: int | None
    at_best: Mapping[str, float]
    at_last: Mapping[str, float]

    @classmethod
    def from_history(cls, history: Mapping[str, Series], row: Row) -> "Epochs":
        """The epochs of a run, from all values of its metrics."""
        series = {step: value for step, value in history.get(row.monitor, {}).items() if step > 0 and value == value}
        steps = [step for values in history.values() for step in values if step > 0]
        sign = -1 if is_higher_better(row.monitor, row.tags) else 1
        best = min(sorted(series), key=lambda step: sign * series[step], default=None)
        last = max(steps, default=None)
        return cls(best, last, _at(history, best), _at(history, last))


@dataclass(frozen=True)
class Details:
    """All that is shown of a run.

    Args:
        changed: its settings that are not the default, each with the default.
        folder: the path or address of its files.
        files: those of them that are to be looked at.
        failure: the last line of what ended it.
        below: its evaluations, or the jobs of a sweep, the best first.
    """

    row: Row
    changed: Mapping[str, tuple[str, str]]
    epochs: Epochs
    folder: str
    files: Sequence[str]
    failure: str
    below: Sequence[Row]

    @property
    def commands(self) -> dict[str, str]:
        """Commands that go on from the run, and what each is for."""
        if self.row.kind == TRAINING and self.row.state == "finished":
            return next_steps(self.row.id, self.epochs.last or 1, self.row.chosen.get("corruption", ""))
        return {f"{command}{store_overrides()}": purpose for command, purpose in self._commands.items()}

    @property
    def _commands(self) -> dict[str, str]:
        short = self.row.id[:8]
        if self.row.kind == SWEEP:
            best = Sweep(self.row, sorted(self.below, key=lambda job: job.begin, reverse=True)).best_jobs
            shown = {f"aeexp show run={job.id[:8]}": f"show the best job, {job.name}" for job in best}
            return {f"aeexp report sweep={short}": "write its report again", **shown}
        if self.row.kind != TRAINING:
            return {f"aeexp show run={self.row.parent[:8]}": "show the run it belongs to"} if self.row.parent else {}
        return {} if self.row.state == "running" else {f"aeexp resume run={short}": "go on with the training"}


def changes_of(row: Row, config: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The options and settings of a run that are not the default, each with the default.

    Args:
        config: as it was stored; empty where there is none.
    """
    options = {group: (row.chosen[group], default_choice(group)) for group in CHOICES if row.chosen.get(group)}
    lists = {group: (_names(config[group]), default_choice(group)) for group in LISTED if group in config}
    plain = {"probes": (str(config["probes"]), str(train_defaults()["probes"]))} if "probes" in config else {}
    settings = {
        key: (value, _known(default_of(key, row.chosen))) for key, value in row.changed.items() if key not in CHOICES
    }
    return {key: pair for key, pair in {**options, **settings, **lists, **plain}.items() if pair[0] != pair[1]}


def _known(default: str) -> str:
    """A default; `none` for a key that must be given."""
    return "none" if default == REQUIRED else default


def _names(components: Any) -> str:
    """The names of the components of a group, beside which it may have plain values."""
    named = components.items() if isinstance(components, Mapping) else ()
    return "+".join(name for name, node in named if isinstance(node, Mapping)) or "none"


def _at(history: Mapping[str, Series], step: int | None) -> dict[str, float]:
    return {name: values[step] for name, values in history.items() if step is not None and step in values}
