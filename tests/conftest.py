"""What tests of the whole command line share."""

import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import absl.logging
import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig, OmegaConf

from aeexp import cli
from aeexp.config import CONF, register

# A scheduler may start the tests with Ctrl-C ignored, and so what they start; a handler here is default there.
signal.signal(signal.SIGINT, signal.default_int_handler)

# When Hydra sets up its logging, this handler closes a stream that it takes for its own: pytest's.
absl.logging.get_absl_handler().python_handler.stream = sys.__stderr__

TINY = ("dataset.limit=40", "trainer.epochs=1", "trainer.batch_size=16", "probes=[0,3,5]")
"""A training of a second."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """An empty folder for runs."""
    return tmp_path / "mlruns"


@pytest.fixture
def aeexp(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], store: Path) -> Callable[..., Ended]:
    """Runs a command in this process, with `store` in place of the user's runs."""
    monkeypatch.setattr("aeexp.config.CHECKOUT", None)
    monkeypatch.chdir(store.parent)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["aeexp", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
        return Ended(code, *capsys.readouterr())

    return run


@pytest.fixture
def composed(tmp_path: Path) -> Callable[..., DictConfig]:
    """Composes the config of `aeexp train`, tiny and kept in memory."""
    register()
    folders = (f"trainer.checkpoints={tmp_path}/checkpoints", f"comparison.cache={tmp_path}/cache")

    def compose_config(*overrides: str, command: str = "train") -> DictConfig:
        with initialize_config_dir(str(CONF), version_base="1.3"):
            config = compose(command, ["tracking=memory", *TINY, *folders, *overrides])
        OmegaConf.resolve(config)
        return config

    return compose_config
