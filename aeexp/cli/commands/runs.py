"""`aeexp runs`: the recorded runs as a table. Loads no TensorFlow."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from omegaconf import DictConfig
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from aeexp.tracking.store import RunInfo

ID = 8
"""Letters of an id that are shown; they nearly always tell the runs apart."""

WITHOUT_EFFECT = ("name", "tracking.", "comparison.", "run")
"""Params that change no result, by their beginnings."""


def run(config: DictConfig) -> None:
    """Show the runs that meet the filter."""
    from aeexp.tracking.mlflow.opening import open_mlflow

    store = open_mlflow(config.tracking, "keeps runs", to_write=False).store
    runs = store.list(config.filter, config.sort, config.limit)
    metrics = list(dict.fromkeys([*config.metrics, *([config.sort] if config.sort else [])]))
    if not runs:
        print(f"no run meets filter={config.filter}" if config.filter else "no run is recorded yet")
        return
    table, console = _table(runs, metrics), Console()
    wide = None if console.is_terminal else console.measure(table, options=console.options.update(width=10_000)).maximum
    Console(width=wide).print(table)  # in a pipe each run is one line, for grep


def _table(runs: Sequence["RunInfo"], metrics: Sequence[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in ("run", "begin", "status"):
        table.add_column(column, no_wrap=True)
    table.add_column("name")
    table.add_column("what differs")
    for metric in metrics:
        table.add_column(metric, justify="right", no_wrap=True)
    names = _differing([each.params for each in runs])
    for each in runs:
        values = [f"{each.metrics[name]:.4g}" if name in each.metrics else "" for name in metrics]
        begin = f"{each.begin:%m-%d %H:%M}"
        table.add_row(each.id[:ID], begin, each.status.lower(), each.name, _words(each.params, names), *values)
    return table


def _differing(params: Sequence[dict[str, str]]) -> list[str]:
    """Names of the params that are not the same in all runs."""
    names = dict.fromkeys(name for each in params for name in each if not name.startswith(WITHOUT_EFFECT))
    return [name for name in names if len({each.get(name) for each in params}) > 1]


def _words(params: dict[str, str], names: Sequence[str]) -> str:
    return " ".join(_word(name, params[name]) for name in names if name in params)


def _word(name: str, value: str) -> str:
    """`dataset=Mnist` for the class of a component, `noise.std=0.3` for a value."""
    if name.endswith("._target_"):
        return f"{name.removesuffix('._target_').rpartition('.')[2]}={value.rpartition('.')[2]}"
    return f"{'.'.join(name.split('.')[-2:])}={value}"
