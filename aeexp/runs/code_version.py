"""Versions of the code of a run: of aeexp, and of the repositories that it and the user's own components come from."""

import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig

from aeexp.config.paths import CHECKOUT
from aeexp.runs.trust import TRUSTED
from aeexp.tracking.tags import VERSION_TAG

COMMIT_TAG, DIRTY_TAG = "mlflow.source.git.commit", "git.dirty"
"""Of aeexp, where it runs from its own checkout."""

OWN_COMMIT_TAG, OWN_DIRTY_TAG = "git.commit.", "git.dirty."
"""Of a package of the user's own, whose name follows."""

INSTALLED = {"site-packages", "dist-packages"}
"""Folders of installed packages, which belong to no repository around them."""


def code_tags(config: Mapping[str, Any]) -> dict[str, str]:
    """The version of aeexp, with commit and dirtiness of what runs from a repository.

    Args:
        config: of the run, whose classes tell which packages of the user's own it needs.
    """
    tags = {VERSION_TAG: version("aeexp")}
    if CHECKOUT is not None and _git(CHECKOUT, "ls-files", "--error-unmatch", "conf/train.yaml") is not None:
        tags |= dict(zip((COMMIT_TAG, DIRTY_TAG), _state(CHECKOUT), strict=False))
    for package in dict.fromkeys(_own_packages(config)):
        folder = _folder(package)
        if folder is not None and not INSTALLED & set(folder.parts):
            tags |= dict(zip((OWN_COMMIT_TAG + package, OWN_DIRTY_TAG + package), _state(folder), strict=False))
    return tags


def is_code_tag(name: str) -> bool:
    """Whether a tag is one of these."""
    return name in (VERSION_TAG, COMMIT_TAG, DIRTY_TAG) or name.startswith((OWN_COMMIT_TAG, OWN_DIRTY_TAG))


def source_tags() -> dict[str, str]:
    """The command as the source of a run, in the tags that MLflow's UI shows."""
    if not HydraConfig.initialized():
        return {"mlflow.source.name": Path(sys.argv[0]).name or "python", "mlflow.source.type": "LOCAL"}
    command, words = HydraConfig.get().job.name, HydraConfig.get().overrides.task
    return {"mlflow.source.name": shlex.join(["aeexp", command, *words]), "mlflow.source.type": "JOB"}


def _own_packages(node: Any) -> Iterator[str]:
    """The packages outside aeexp and Keras whose classes a config names."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            package = str(value).partition(".")[0]
            if key == "_target_" and package not in TRUSTED:
                yield package
            yield from _own_packages(value)


def _folder(package: str) -> Path | None:
    """The folder of a package or module that has been imported."""
    module = sys.modules.get(package)
    places = [getattr(module, "__file__", None), *(f"{path}/any" for path in getattr(module, "__path__", []))]
    return next((Path(place).resolve().parent for place in places if place), None)


@cache
def _state(folder: Path) -> tuple[str, ...]:
    """The commit of the repository around a folder, and whether the folder differs from it; empty without one."""
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None or _git(folder, "check-ignore", "-q", ".") is not None:
        return ()
    return commit, str(bool(_git(folder, "status", "--porcelain", "--", "."))).lower()


def _git(folder: Path, *arguments: str) -> str | None:
    """What git answers in a folder; None where it fails."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
