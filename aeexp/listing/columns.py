"""Columns of a list of runs: what each shows of a row, in full and in short."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from aeexp.config.short_names import short_names
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.listing.choices import CHOICES
from aeexp.listing.row import SWEEP, TRAINING, Row
from aeexp.listing.words import ID, age, begin, changes, gain, is_named_after_settings, names, number, period
from aeexp.metrics.interval_names import is_interval_end

GAIN, PSNR = "gain/psnr", "test/psnr"
FIRST = ("id", "age", "state", "model", "data", "corruption", "settings")
"""Columns before those of the metrics; after the id the name, where one says what the settings do not."""

DEFAULT = "default"
"""Stands for the columns that are shown without a choice."""

Value = str | float | None


@dataclass(frozen=True)
class Column:
    """A column of a list of runs.

    Args:
        value: what it holds of a row, in full.
        text: the same in short, for people.
        is_number: whether it is aligned to the right.
    """

    title: str
    value: Callable[[Row], Value]
    text: Callable[[Row], str]
    is_number: bool = False


@dataclass(frozen=True)
class Columns:
    """The columns that there can be for a list of runs.

    Args:
        rows: that are shown.
        pool: all runs that they stand for.
        now: from which ages count.
        told: the titles of columns of options that stand among the settings instead.
        beside_settings: whether names leave out what the column of settings says.
    """

    rows: Sequence[Row]
    pool: Sequence[Row]
    now: datetime = field(default_factory=datetime.now)
    told: Sequence[str] = ()
    beside_settings: bool = False

    def chosen(self, names: Sequence[str]) -> list[Column]:
        """The columns by their names.

        Raises:
            ConfigError: for a name that is none, with what it may mean.
        """
        return [self._column(each) for each in names]

    def default(self, sort: str | None, *, grouped: bool) -> list[str]:
        """The columns that are shown without a choice; the metrics are those that selected the weights."""
        trainings = [row for row in self.rows if row.kind in (TRAINING, SWEEP) and row.monitor in row.metrics]
        monitors = [metric for metric, _ in Counter(row.monitor for row in trainings).most_common()]
        named = [] if all(row.kind == TRAINING and is_named_after_settings(row) for row in self.rows) else ["name"]
        first = [FIRST[0], *named, *(["runs"] if grouped else []), *FIRST[1:]]
        metrics = [*([sort] if sort else []), *([PSNR] if PSNR in self.metrics else []), *monitors, GAIN]
        return list(dict.fromkeys([*first, *("gain" if metric == GAIN else metric for metric in metrics)]))

    def wide(self, sort: str | None, *, grouped: bool) -> list[str]:
        """The columns that are shown where there is room for all."""
        tests = [metric for metric in self.metrics if metric.startswith("test/") and not is_interval_end(metric)]
        names = [*self.default(sort, grouped=grouped), *tests]
        place = names.index("settings")
        names = [*names[:place], "loss", "optimizer", *names[place:]]
        return list(dict.fromkeys(each for name in names for each in (("begin", "took") if name == "age" else (name,))))

    @cached_property
    def settings(self) -> dict[str, str]:
        """The keys of the settings by their short names, and by themselves."""
        keys = list(dict.fromkeys(key for row in (*self.pool, *self.rows) for key in row.settings))
        return dict(zip(short_names(keys), keys, strict=True)) | {key: key for key in keys}

    @property
    def varied(self) -> list[str]:
        """The short names of the settings that are not the same in all runs."""
        pairs = {pair for row in (*self.pool, *self.rows) for pair in row.settings.items()}
        counts = Counter(key for key, _ in pairs)
        return [name for name, key in self.settings.items() if counts[key] > 1 and (name != key or "." not in key)]

    @cached_property
    def metrics(self) -> list[str]:
        """The names of the metrics that any run has."""
        return sorted({metric for row in (*self.rows, *self.pool) for metric in row.metrics})

    def _column(self, title: str) -> Column:
        if title in (named := self._named):
            return named[title]
        if title in self.metrics:
            return _metric(title, title)
        if key := self.settings.get(title):
            return Column(title, lambda row: row.settings.get(key), lambda row: row.settings.get(key, ""))
        known = [*named, *self.settings, *self.metrics]
        raise ConfigError(
            f"columns: {title} is no column, setting or metric of these runs.{did_you_mean(title, known)} Choose from "
            f"{', '.join(named)}, {DEFAULT}, a setting such as {_some(self.varied)}, or a metric such as "
            f"{_some(important(self.metrics))}."
        )

    @cached_property
    def _named(self) -> dict[str, Column]:
        short = {key: name for name, key in reversed(self.settings.items())}
        changed = changes(self.pool, short, [OPTIONS[title] for title in self.told])
        found = [
            Column("id", lambda row: row.id, lambda row: row.id[:ID]),
            Column("name", lambda row: row.name, names(self.pool, short, beside_settings=self.beside_settings)),
            Column("kind", lambda row: row.kind, lambda row: row.kind),
            Column("parent", lambda row: row.parent, lambda row: row.parent[:ID]),
            Column("age", lambda row: age(row, self.now), lambda row: age(row, self.now), is_number=True),
            Column("begin", lambda row: row.begin.isoformat(timespec="seconds"), begin),
            Column("took", lambda row: row.seconds, lambda row: period(row.seconds), is_number=True),
            Column("state", lambda row: row.state, lambda row: row.state),
            Column("runs", lambda row: row.runs, lambda row: str(row.runs), is_number=True),
            *(_option(title, group) for title, group in OPTIONS.items()),
            Column("settings", lambda row: " ".join(f"{key}={each}" for key, each in row.changed.items()), changed),
            _metric("gain", GAIN, gain),
        ]
        return {column.title: column for column in found}


OPTIONS = {"data" if group == "dataset" else group: group for group in CHOICES}
"""Columns of chosen options, with their groups."""


def _option(title: str, group: str) -> Column:
    return Column(title, lambda row: row.chosen.get(group), lambda row: row.chosen.get(group, ""))


def _metric(title: str, metric: str, text: Callable[[float], str] = number) -> Column:
    def shown(row: Row) -> str:
        if metric not in row.metrics:
            return ""
        deviation = f" ± {row.spread[metric]:.2g}" if metric in row.spread else ""
        return f"{text(row.metrics[metric])}{deviation}"

    return Column(title, lambda row: row.metrics.get(metric), shown, is_number=True)


def important(metrics: Sequence[str]) -> list[str]:
    """The metrics that one chooses from: not those of baselines, of the loss in training, nor the ends of intervals."""
    chosen = [each for each in metrics if not each.startswith(("baseline/", "train/")) and not is_interval_end(each)]
    return sorted(chosen or metrics, key=lambda metric: not metric.startswith(("val/", "test/")))


def _some(names: Sequence[str]) -> str:
    return ", ".join(list(names)[:4]) or "none"
