"""Configurations of a comparison: trainings grouped by their settings, but for what repeats them."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from aeexp.config.short_names import short_names
from aeexp.errors import ConfigError, FileMissingError
from aeexp.listing.row import SWEEP, TRAINING, Row
from aeexp.listing.trained_run import find_trained
from aeexp.sweeps.tasks import REPETITIONS
from aeexp.tracking.store import RunStore
from aeexp.tracking.tags import PARENT_TAG

TASK = ("dataset", "corruption")
"""Parts of the settings that say what the runs were tested on."""

if TYPE_CHECKING:
    import numpy as np

    from aeexp.runs.comparison import Configuration


def trainings(store: RunStore, selectors: Sequence[str]) -> list[Row]:
    """The trainings that selectors mean; a sweep means its finished jobs.

    Raises:
        RunNotFoundError: where one means no run.
        ConfigError: for fewer than two.
    """
    found: dict[str, Row] = {}
    for selector in selectors:
        row = Row.from_run(store.info(store.find(selector)))
        if row.kind == SWEEP:
            jobs = store.list(f"tags.`{PARENT_TAG}` = '{row.id}' and attributes.status = 'FINISHED'")
            found |= {job.id: Row.from_run(job) for job in jobs}
        else:
            found |= {(run_id := find_trained(store, selector)): Row.from_run(store.info(run_id))}
    rows = [row for row in found.values() if row.kind == TRAINING]
    if len(rows) < 2:
        raise ConfigError(
            f"runs: a comparison needs two runs or more. Received {len(rows)}; name them as in runs=[3f2a,91c0], "
            "or a sweep that has finished."
        )
    return rows


def configurations(store: RunStore, rows: Sequence[Row], metric: str) -> list["Configuration"]:
    """The trainings by what tells their settings apart; of two with the same seed and fold the first counts."""
    from aeexp.runs.comparison import Configuration, Trained

    grouped: dict[str, dict[tuple[str, ...], Trained]] = defaultdict(dict)
    names, one_task = _names(rows), are_one_task(rows)
    for row in rows:
        repetition = tuple(row.value(key) for key in REPETITIONS)
        images = cache(partial(_per_image, store, row.id, metric))
        grouped[names[row.id]].setdefault(repetition, Trained(row.id, row.metrics[metric], images))
    return [Configuration(name, found, same_images=one_task) for name, found in grouped.items()]


def are_one_task(rows: Sequence[Row]) -> bool:
    """Whether runs were tested on the same images with the same corruption."""
    settings = {tuple((key, row.value(key)) for key in sorted(row.settings) if key.startswith(TASK)) for row in rows}
    return len(settings) == 1 and len({tuple(row.chosen.get(part, "") for part in TASK) for row in rows}) == 1


def _names(rows: Sequence[Row]) -> dict[str, str]:
    """What tells the settings of each run apart from those of the others, but for what repeats a training."""
    values = {row.id: {**row.chosen, **row.settings} for row in rows}
    keys = dict.fromkeys(key for each in values.values() for key in each if key not in (*REPETITIONS, "experiment"))
    different = [key for key in keys if len({each.get(key) for each in values.values()}) > 1]
    short = dict(zip(different, short_names(different), strict=True))
    return {
        row.id: " ".join(f"{short[key]}={values[row.id][key]}" for key in different if key in values[row.id]) or "all"
        for row in rows
    }


def _per_image(store: RunStore, run_id: str, metric: str) -> "np.ndarray | None":
    """The metric of each test image; None for other metrics, and for runs of versions that did not record it."""
    import numpy as np

    split, _, name = metric.partition("/")
    with TemporaryDirectory() as folder:
        try:
            path = store.read_file(run_id, "arrays/per_image.npz", Path(folder))
        except FileMissingError:
            return None
        with np.load(path, allow_pickle=False) as arrays:
            return arrays[name] if split == "test" and name in arrays else None
