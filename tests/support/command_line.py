"""Commands in the process of the tests, where TensorFlow is loaded already."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hydra.core.hydra_config import HydraConfig

from aeexp.cli.main import main
from tests.support.composing import compose_choices_once

UNSET = ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "COLUMNS")
"""Variables of the environment that name a store or the width of a terminal; the latter is set by pytest-xdist."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def command_line(patch: pytest.MonkeyPatch, folder: Path) -> Callable[..., None]:
    """Runs commands in a folder, with its `mlruns` in place of the user's runs."""
    patch.setenv("AEEXP_HOME", str(folder / "mlruns"))
    for name in UNSET:
        patch.delenv(name, raising=False)
    patch.chdir(folder)
    # Hydra composes each config once more to look up its own mode, which no command sets: half of the time of many.
    patch.setattr("hydra._internal.hydra.Hydra.get_mode", lambda *_, **__: None)
    compose_choices_once(patch)

    def run(*arguments: str) -> None:
        patch.setattr(sys, "argv", ["aeexp", *arguments])
        with logging_as_before(), hydra_as_before():
            main()

    return run


@contextmanager
def hydra_as_before() -> Iterator[None]:
    """Undoes that Hydra describes the command, which a test of something else would take for its own."""
    described = HydraConfig.instance().cfg
    try:
        yield
    finally:
        HydraConfig.instance().cfg = described


@contextmanager
def logging_as_before() -> Iterator[None]:
    """Undoes what the command has set of logging: it is made for a process that ends with it."""
    level = logging.root.level
    try:
        yield
    finally:
        logging.root.setLevel(level)
        for logger in logging.root.manager.loggerDict.values():
            if isinstance(logger, logging.Logger):
                logger.disabled = False
