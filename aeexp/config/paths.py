"""Folders of the configs and of the runs."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "conf" / "train.yaml").exists() else None
CONF = CHECKOUT / "conf" if CHECKOUT else PACKAGE / "conf"


HOME = "AEEXP_HOME"
"""The environment variable that names the folder of all runs."""


def mlruns(home: str | None = None) -> str:
    """The absolute folder of all runs, with their database, checkpoints, logs and caches.

    Args:
        home: null takes AEEXP_HOME, or else that of the checkout, or `mlruns` where an installed `aeexp` is started.
    """
    chosen = home or os.environ.get(HOME)
    return os.path.abspath(os.path.expanduser(chosen)) if chosen else str((CHECKOUT or Path.cwd()) / "mlruns")


def mlruns_of(words: Iterable[str]) -> str:
    """The folder of all runs that the overrides of a command name, or the default."""
    named = [word.removeprefix("home=").strip("'\"") for word in words if word.startswith("home=")]
    return mlruns(named[-1] if named and named[-1] != "null" else None)


FILES = ("path", "test_path", "folder", "weights")
"""Settings of data sets and metrics that are paths."""


def with_absolute_paths(node: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a component, whose files are to be found from any folder; own ones may mean other things."""
    is_ours = str(node.get("_target_")).startswith("aeexp.")
    paths = {name: node[name] for name in FILES if is_ours and isinstance(node.get(name), str)}
    return {**node, **{name: path if path[:1] == "~" else os.path.abspath(path) for name, path in paths.items()}}


def logs(home: str | None = None) -> str:
    """The folder of the log of a command that only reads: a temporary one where that of the runs is read-only."""
    folder = mlruns(home)
    is_writable = os.access(folder, os.W_OK) or not os.path.exists(folder)
    return os.path.join(folder, "hydra") if is_writable else _temporary_folder()


@cache
def _temporary_folder() -> str:
    folder = tempfile.mkdtemp(prefix="aeexp-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
