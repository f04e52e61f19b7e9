"""Values of keys that completion knows: names to choose from, metrics, runs and files."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aeexp.cli.completion.composition import Composition
from aeexp.config.paths import mlruns_of
from aeexp.metrics.interval_names import is_interval_end

if TYPE_CHECKING:
    from aeexp.tracking.mlflow.sqlite import Database

NAMES = {
    "trainer.resample": ("epoch", "once"),
    "trainer.validation_weights": ("final", "epoch"),
    "trainer.precision": ("float32", "mixed_bfloat16"),
    "trainer.mode": ("null", "min", "max"),
    "trainer.keep": ("null", "best", "last"),
    "sweep.mode": ("null", "min", "max"),
    "dataset.binarization": ("none", "threshold", "static", "dynamic"),
    "augmentation.shift.fill": ("zero", "reflect"),
    "augmentation.crop.fill": ("zero", "reflect"),
    "report.latent_manifold.spacing": ("uniform", "quantile"),
    "report.format": ("png", "pdf", "svg"),
    "optimizer.nesterov": ("true", "false"),
    "report mode": ("null", "min", "max"),
    "predict color": ("per_channel", "gray"),
    "runs format": ("table", "wide", "csv", "json"),
    "show format": ("text", "json"),
    "explore map": ("pca", "tsne", "umap"),
    "explore split": ("train", "validation", "test"),
}
"""The values of keys that take one of few; before a key that only one command has stands its name."""

FILES = ("images", "output", "home", "path", "test_path", "folder", "cache", "checkpoints", "static")
"""The last part of keys whose values are paths."""

METRICS = ("sort", "sweep.metric", "trainer.monitor")
CHOOSING = ("sweep.metric", "trainer.monitor")
"""Keys whose value is the name of a metric, and those of which test images give none."""

BEST = "best:"
USUAL = ("val/psnr", "val/loss")
"""Metrics by which a run is selected before more of the word is typed."""

KINDS = {
    "run": ("training",),
    "runs": ("training", "sweep"),
    "sweep": ("sweep",),
    "reference": ("training",),
    "beside": ("training",),
}
"""Keys whose value is a run, and the kinds of runs that they take."""

MOST = 20
"""Runs that are named by their ids: the newest."""


def values_of(key: str, typed: str, command: str, composition: Composition, words: Sequence[str]) -> list[str]:
    """The values that a key may be given.

    Args:
        key: the group or dotted key.
        typed: the beginning of the value.
        command: that is configured.
        composition: of its config.
        words: of the command line.
    """
    if options := composition.files.options("dataset" if key == "datasets" else key):
        return options
    if names := NAMES.get(key) or NAMES.get(f"{command} {key}"):
        return list(names)
    if key in KINDS and command != "train":
        return list(_runs(key, typed, command, words))
    if key in METRICS:
        return _metrics(key, composition, words)
    if key.rpartition(".")[2] in FILES:
        return paths(typed)
    return _default(composition.values.get(key))


def paths(typed: str) -> list[str]:
    """The files and folders that a path begins, the folders with a slash; hidden ones where that is typed."""
    folder, _, name = typed.rpartition("/")
    place = Path(os.path.expanduser(f"{folder}/" if "/" in typed else "."))
    head = f"{folder}/" if "/" in typed else ""
    try:
        found = sorted(place.iterdir())
    except OSError:
        return []
    hidden = name.startswith(".")
    return [f"{head}{each.name}{'/' * each.is_dir()}" for each in found if hidden or not each.name.startswith(".")]


def _runs(key: str, typed: str, command: str, words: Sequence[str]) -> Iterator[str]:
    yield "latest"
    if typed.startswith(BEST):
        yield from (f"{BEST}{name}" for name in _recorded_metrics(words) or USUAL)
    else:
        yield from (f"{BEST}{name}" for name in USUAL if key != "sweep")
        kinds = KINDS["runs" if command == "show" else key]
        yield from (run_id[:8] for run_id in _recorded(words, lambda database: database.newest(kinds, MOST)))


def _metrics(key: str, composition: Composition, words: Sequence[str]) -> list[str]:
    """The metrics that the chosen losses and metrics give, or for a command without these, that runs have."""
    chosen = composition.chosen
    if "loss" not in chosen:
        return _recorded_metrics(words) or [f"{split}/{name}" for split in ("test", "val") for name in ("psnr", "loss")]
    names = dict.fromkeys(["loss", *(f"loss_{each}" for each in chosen["loss"]), *chosen.get("metric", [])])
    return [f"{split}/{name}" for split in ("val", *(() if key in CHOOSING else ("test",))) for name in names]


def _recorded_metrics(words: Sequence[str]) -> list[str]:
    """The metrics of validation and test images that the newest runs have, without the ends of their intervals."""
    names = _recorded(words, lambda database: database.metric_names(MOST))
    return [name for name in names if name.startswith(("val/", "test/")) and not is_interval_end(name)]


def _recorded(words: Sequence[str], query: "Callable[[Database], Sequence[str]]") -> Sequence[str]:
    """What a local store answers; nothing where there is none."""
    from aeexp.tracking.mlflow.sqlite import Database, local_database

    path = local_database(None, mlruns_of(words))
    if path is None:
        return []
    try:
        return query(Database(path, os.environ.get("MLFLOW_EXPERIMENT_NAME", "aeexp")))
    except sqlite3.Error:  # which the command itself will report
        return []


def _default(value: Any) -> list[str]:
    """The default as it is written in an override; both values of one that is true or false."""
    if isinstance(value, bool):
        return ["true", "false"]
    if isinstance(value, list):
        return ["[" + ",".join(map(str, value)) + "]"] if value else []
    text = "" if value is None else str(value)
    return [text] if text and not {"$", "?", " ", "\n"}.intersection(text) else []
