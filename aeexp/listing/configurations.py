"""Configurations of a comparison: trainings grouped by their settings, but for what repeats them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from aeexp.config.short_names import short_names
from aeexp.errors import ConfigError, FileMissingError
from aeexp.listing.choices import CHOICES
from aeexp.listing.row import SWEEP, TRAINING, Row
from aeexp.listing.settings import NULL
from aeexp.listing.trained_run import find_trained
from aeexp.sweeps.tasks import REPETITIONS
from aeexp.tracking.store import RunStore
from aeexp.tracking.tags import PARENT_TAG

DATASET, CORRUPTION = "dataset", "corruption"
BINARIZATION = "dataset.binarization"
TEST_IMAGES = "test images"
"""Stands for their digest among what runs were tested on."""

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
            f"runs: a comparison needs two different trainings or more. Received {len(rows)}; name them as in "
            "runs=[3f2a,91c0], or a sweep that has finished."
        )
    return rows


def configurations(store: RunStore, rows: Sequence[Row], metric: str) -> list["Configuration"]:
    """The trainings by what tells their settings apart; of two with the same seed and fold the first counts."""
    from aeexp.runs.comparison import Configuration, Trained

    grouped: dict[str, dict[tuple[str, ...], Trained]] = defaultdict(dict)
    names = _names(rows)
    for row in rows:
        repetition = tuple(row.value(key) for key in REPETITIONS)
        images = cache(partial(_per_image, store, row.id, metric))
        trained = Trained(row.id, row.metrics[metric], images, _tested_on(row))
        grouped[names[row.id]].setdefault(repetition, trained)
    return [Configuration(name, found) for name, found in grouped.items()]


def task_keys(rows: Sequence[Row]) -> list[str]:
    """In what the test images of runs, or their corruption, differ; empty where they are the same."""
    tasks = [_tested_on(row) for row in rows]
    keys = _differing(tasks)
    if TEST_IMAGES not in keys:
        return keys
    data = [{key: each for key, each in row.settings.items() if key.startswith(DATASET)} for row in rows]
    chosen = [{DATASET: row.chosen.get(DATASET, "")} for row in rows]
    return list(dict.fromkeys([*keys, *_differing(chosen), *_differing(data)]))


def _tested_on(row: Row) -> dict[str, str]:
    """What decides the test images and their corruption; of runs without a digest of the images all settings of them.

    How the training images are divided is not among it where the digest says that the test images are the same.
    """
    digest = row.digests.get("test", "")
    parts = (CORRUPTION,) if digest else (CORRUPTION, DATASET)
    settings = {key: value for key, value in row.settings.items() if key.startswith(parts) and value != NULL}
    drawn = row.settings.get(BINARIZATION, NULL)
    known = {TEST_IMAGES: digest} | {part: row.chosen.get(part, "") for part in parts}
    return known | settings | {BINARIZATION: "none" if drawn == NULL else drawn}


def _differing(nodes: Sequence[Mapping[str, str]]) -> list[str]:
    """The keys whose values are not the same in all nodes."""
    keys = dict.fromkeys(key for node in nodes for key in node)
    return [key for key in keys if len({node.get(key) for node in nodes}) > 1]


def _names(rows: Sequence[Row]) -> dict[str, str]:
    """What tells the settings of each run apart from those of the others, but for what repeats a training.

    Defaults of the options that were chosen are left out, unless rows would look alike.
    """
    values = {row.id: {**row.chosen, **row.settings} for row in rows}
    different = [key for key in _differing(list(values.values())) if key not in (*REPETITIONS, "experiment")]
    telling = [key for key in different if any(key in row.changed or key in CHOICES for row in rows)]
    short, full = _named(values, telling), _named(values, different)
    ambiguous = [name for name in short.values() if len({full[each] for each in short if short[each] == name}) > 1]
    return {row_id: full[row_id] if name in ambiguous else name for row_id, name in short.items()}


def _named(values: Mapping[str, Mapping[str, str]], keys: Sequence[str]) -> dict[str, str]:
    """The values of some keys in a line each, under short names; what a run does not have is left out."""
    short = dict(zip(keys, short_names(keys), strict=True))
    return {
        row_id: " ".join(f"{short[key]}={each[key]}" for key in keys if key in each) or "all"
        for row_id, each in values.items()
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
