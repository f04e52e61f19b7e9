"""The values that completion offers are those that the components take, and the runs those that are recorded."""

import sqlite3
from contextlib import closing
from typing import get_args

import pytest

from aeexp.augmentations.shift import FILLS
from aeexp.cli.commands import runs, show
from aeexp.cli.completion.query import completions
from aeexp.cli.completion.values import NAMES
from aeexp.cli.main import COMMANDS
from aeexp.datasets.binarization import KINDS
from aeexp.datasets.dataset import Split
from aeexp.explorer.latent_map import METHODS
from aeexp.inference.predictor import COLOR_MODES
from aeexp.tracking.artifacts import FORMATS
from aeexp.training.settings import CHOICES


def test_the_names_are_those_that_are_taken():
    settings = {f"trainer.{name}": tuple(each or "null" for each in taken) for name, taken in CHOICES.items()}
    expected = {**settings, "dataset.binarization": KINDS, "augmentation.shift.fill": FILLS, "report.format": FORMATS}
    expected |= {"explore map": METHODS, "explore split": get_args(Split)}
    expected |= {"runs format": runs.FORMATS, "show format": show.FORMATS, "predict color": COLOR_MODES}
    assert {key: NAMES[key] for key in expected} == expected


@pytest.fixture
def recorded(store, monkeypatch) -> None:
    """A store with a training, a sweep, an evaluation, and a training that was deleted."""
    monkeypatch.setenv("AEEXP_HOME", str(store))
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME"):
        monkeypatch.delenv(name, raising=False)
    with closing(sqlite3.connect(store / "mlflow.db")) as database, database:
        database.execute("INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (7, 'aeexp', 'active')")
        for letter, kind, stage in (
            ("a", "training", "active"),
            ("b", "sweep", "active"),
            ("c", "evaluation", "active"),
            ("d", "training", "deleted"),
            ("e", "training", "active"),
        ):
            database.execute(
                "INSERT INTO runs (run_uuid, experiment_id, lifecycle_stage, start_time) VALUES (?, 7, ?, ?)",
                (32 * letter, stage, ord(letter)),
            )
            database.execute("INSERT INTO tags (run_uuid, key, value) VALUES (?, 'aeexp.kind', ?)", (32 * letter, kind))
        for name in ("val/ssim", "test/gain", "train/loss", "latent/accuracy"):
            database.execute(
                "INSERT INTO latest_metrics (run_uuid, key, value, step, is_nan) VALUES (?, ?, 1, 0, 0)",
                (32 * "a", name),
            )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "show run=",
            ["run=latest", "run=best:val/psnr", "run=best:val/loss", "run=eeeeeeee", "run=bbbbbbbb", "run=aaaaaaaa"],
        ),
        ("resume run=", ["run=latest", "run=best:val/psnr", "run=best:val/loss", "run=eeeeeeee", "run=aaaaaaaa"]),
        ("report sweep=", ["sweep=latest", "sweep=bbbbbbbb"]),
        ("show run=best:", ["run=best:test/gain", "run=best:val/ssim"]),
        ("runs sort=", ["sort=test/gain", "sort=val/ssim"]),
        ("show home=nowhere run=b", ["run=best:val/psnr", "run=best:val/loss"]),
    ],
)
def test_runs_and_metrics_that_are_recorded(recorded, line, expected):
    assert completions(line.split(), [*COMMANDS]) == expected


def test_nothing_recorded_where_the_database_is_none(store, monkeypatch):
    monkeypatch.setenv("AEEXP_HOME", str(store))
    (store / "mlflow.db").write_text("no database")
    assert completions(["show", "run=l"], [*COMMANDS]) == ["run=latest"]
