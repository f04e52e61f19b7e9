"""Config files of a command line, read without Hydra, which takes longer to import than a user waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from aeexp.config.options import EXPERIMENT, LOADER, option_files
from aeexp.config.paths import CONF

FOLDER_OPTIONS = ("--config-dir", "-cd")


@dataclass(frozen=True)
class ConfigFiles:
    """The yamls in the folder of the package and in one's own.

    Args:
        folders: where they are; a file in the first counts.
    """

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> "ConfigFiles":
        """Those of a command line, on which `--config-dir` may name a folder."""
        named = [
            word.partition("=")[2] for word in words if word.startswith(tuple(f"{each}=" for each in FOLDER_OPTIONS))
        ]
        named += [after for word, after in pairwise(words) if word in FOLDER_OPTIONS]
        return cls((CONF, *(Path(each).expanduser() for each in named)))

    def groups(self, parent: str = "") -> list[str]:
        """The groups below another one, or below none, with their whole names."""
        if parent == EXPERIMENT:
            return []
        found = {path.parent for folder in self.folders for path in (folder / parent).glob("*/*.yaml")}
        return sorted({f"{parent}/{path.name}".lstrip("/") for path in found} - {"hydra"})

    def options(self, group: str) -> list[str]:
        """The options of a group."""
        return sorted({name for folder in self.folders for name in option_files(group, folder)})

    def content(self, group: str, option: str) -> dict[str, Any]:
        """The file of an option; empty where there is none, or none that can be read."""
        return self._read(group, option)[0]

    def is_global(self, group: str, option: str) -> bool:
        """Whether the keys of an option stand beside its group, and not below it."""
        return self._read(group, option)[1]

    def _read(self, group: str, option: str) -> tuple[dict[str, Any], bool]:
        paths = (folder / group / f"{option}.yaml" for folder in self.folders)
        return next((_read(path) for path in paths if path.is_file()), ({}, False))


@cache
def _read(path: Path) -> tuple[dict[str, Any], bool]:
    """A file, and whether its head says that its keys are global."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.load(text, LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):  # which the command itself will report
        return {}, False
    return (node if isinstance(node, dict) else {}), text.lstrip().startswith("# @package _global_")
