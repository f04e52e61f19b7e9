"""Lists for programs: the recorded runs as a table, and the options of each group."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig

from aeexp.api.overrides import Overrides
from aeexp.config.composition import composed
from aeexp.config.described_options import described_options
from aeexp.errors import ConfigError
from aeexp.listing.columns import Columns
from aeexp.listing.export import records
from aeexp.listing.order import best_first
from aeexp.listing.row import TRAINING, Row
from aeexp.tracking.mlflow.reading import read_runs
from aeexp.tracking.store import check_limit

if TYPE_CHECKING:
    import pandas as pd

FIRST = ("id", "name", "state", "begin", "seconds")
"""Columns of every table of runs."""

PRINTED: dict[str, Any] = {"columns": None, "group": [], "expand": False, "format": "table"}
"""Keys of `aeexp runs` that a DataFrame has no use for, with their defaults."""


def runs(
    *overrides: str | Mapping[str, Any],
    filter: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
    kind: str | None = TRAINING,
    **settings: Any,
) -> "pd.DataFrame":
    """The recorded runs as a table, the newest first: a row a run, with its id as index.

    The columns are its name, state, when it began, the seconds it took, the settings in which the runs differ, under
    their short names, and the metrics.

    Args:
        overrides: that say where runs are recorded, such as `home=FOLDER`.
        filter: a condition in MLflow's language, such as `metrics.`val/psnr` > 20`.
        sort: a metric, of which the best value comes first.
        limit: number of runs at most.
        kind: `training`, `evaluation`, `sweep`, `reproduction` or `transfer`; None lists all.
        settings: overrides as keywords.

    Raises:
        ConfigError: where MLflow does not understand the condition, no run has the metric, or the limit is none.
    """
    chosen = {"filter": filter, "sort": sort, "limit": limit}
    given = {**settings, **{name: value for name, value in chosen.items() if value is not None}}
    with composed("runs", Overrides.of(overrides, given).words) as config:
        _check(config)
        found = [Row.from_run(run) for run in read_runs(config.tracking, config.filter)]
    rows = [row for row in found if kind is None or row.kind == kind]
    if config.sort is not None and rows:
        rows = [row for (row,) in best_first([(row,) for row in rows], config.sort, rows)]
    return _as_table(rows[: config.limit], [*FIRST, *(["kind"] if kind is None else [])])


def _check(config: DictConfig) -> None:
    """Refuse what only the printed table has, and a number of runs that cannot be."""
    for name, default in PRINTED.items():
        if config[name] != default:
            raise ConfigError(
                f"{name}: is for the table of aeexp runs. Received {name}={config[name]}; the columns and rows of a "
                "DataFrame are chosen by pandas."
            )
    if config.limit is not None:
        check_limit(config.limit)


def _as_table(rows: Sequence[Row], first: Sequence[str]) -> "pd.DataFrame":
    """A row a run: some of what is known of each, the settings that differ, and the metrics."""
    import pandas as pd

    columns = Columns(rows, rows)
    table = [
        {
            **{name: record[name] for name in first},
            **{name: record["settings"].get(columns.settings[name]) for name in columns.varied},
            **record["metrics"],
        }
        for record in records(rows)
    ]
    frame = pd.DataFrame(table, columns=None if table else list(first)).set_index("id")
    return frame.assign(begin=pd.to_datetime(frame["begin"]))


def history_table(series: Mapping[str, Mapping[int, float]]) -> "pd.DataFrame":
    """The metrics of a run in each epoch.

    Args:
        series: the values of each metric by epoch, from 1; those of 0 are of no epoch.
    """
    import pandas as pd

    epochs = {name: {step: each[step] for step in sorted(each) if step} for name, each in sorted(series.items())}
    return pd.DataFrame({name: each for name, each in epochs.items() if each}).rename_axis("epoch")


def options(group: str) -> dict[str, str]:
    """The options of a group of the config, such as `model` or `model/architecture`, each with what it is.

    Raises:
        ConfigError: where there is no such group.
    """
    return described_options(group)


def augmentations() -> dict[str, str]:
    """The augmentations of the package, each with what it is."""
    return options("augmentation")


def baselines() -> dict[str, str]:
    """The classical baselines of the package, each with what it is."""
    return options("baseline")


def corruptions() -> dict[str, str]:
    """The corruptions of the package, each with what it is."""
    return options("corruption")


def datasets() -> dict[str, str]:
    """The data sets of the package, each with what it is."""
    return options("dataset")


def losses() -> dict[str, str]:
    """The terms of the loss of the package, each with what it is."""
    return options("loss")


def metrics() -> dict[str, str]:
    """The metrics of the package, each with what it is."""
    return options("metric")


def models() -> dict[str, str]:
    """The models of the package, each with what it is."""
    return options("model")


def reports() -> dict[str, str]:
    """The reports of the package, each with what it is."""
    return options("report")
