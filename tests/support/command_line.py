"""Commands in the process of the tests, where TensorFlow is loaded already."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from aeexp.cli.main import main


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def command_line(patch: pytest.MonkeyPatch, folder: Path) -> Callable[..., None]:
    """Runs commands in a folder, with its `mlruns` in place of the user's runs."""
    patch.setattr("aeexp.config.paths.CHECKOUT", None)
    patch.delenv("MLFLOW_TRACKING_URI", raising=False)
    patch.chdir(folder)

    def run(*arguments: str) -> None:
        patch.setattr(sys, "argv", ["aeexp", *arguments])
        main()

    return run
