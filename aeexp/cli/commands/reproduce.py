"""`aeexp reproduce`: train a run again and compare the metrics."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from omegaconf import DictConfig
from rich.console import Console
from rich.table import Table

from aeexp.errors import ConfigError, NotReproducedError
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_recorded

if TYPE_CHECKING:
    from aeexp.runs.reproduction import Difference


def run(config: DictConfig) -> None:
    """Train again, compare every metric at every epoch, and print PASS or the differences.

    Raises:
        NotReproducedError: if any value differs by more than the tolerance.
    """
    if not 0 <= config.tolerance < 1:
        raise ConfigError(f"tolerance: must be at least 0 and below 1. Received tolerance={config.tolerance}.")
    from aeexp.runs.chosen_data import chosen_data

    tracker = open_recorded(config.tracking)
    run_id = find_trained(tracker.store, config.run)
    chosen_data(run_id, tracker.store, config.allow)  # which is refused before anything is loaded
    import_tensorflow()
    from aeexp.runs.loading import LoadedRun
    from aeexp.runs.reproduction import changes, differences, train_again

    saved = LoadedRun.find(run_id, tracker.store, config.allow)
    before = tracker.store.metric_history(saved.id)
    again = train_again(saved, config.tracking, config.cache, config.checkpoints)
    found, compared = differences(before, tracker.store.metric_history(again), config.tolerance)
    console = Console()
    if changed := changes(saved.id, again, tracker.store):
        console.print(_changes(changed))
    if found:
        console.print(_differences(found))
        raise NotReproducedError(
            f"run {again} does not reproduce run {saved.id}: {len(found)} of {len(before)} metrics differ."
        )
    precision = f"within {config.tolerance:g}" if config.tolerance else "to the last bit"
    console.print(f"PASS  {compared} values of {len(before)} metrics are the same {precision}.", soft_wrap=True)
    console.print(f"run {again} reproduces run {saved.id}", soft_wrap=True)


def _changes(changed: dict[str, tuple[str, str]]) -> Table:
    table = Table("changed")
    for column in ("before", "now"):
        table.add_column(column, overflow="fold")
    for name, (before, now) in changed.items():
        table.add_row(name, before, now)
    return table


def _differences(found: Sequence["Difference"]) -> Table:
    table = Table("metric", "epochs that differ", "first", "before", "now", "largest relative difference")
    for each in found:
        step, before, now = each.first
        value = "missing" if now is None else f"{now:.9g}"
        table.add_row(each.metric, str(each.steps), str(step), f"{before:.9g}", value, f"{each.largest:.2g}")
    return table
