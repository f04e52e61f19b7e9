"""Files of a run that are to be looked at: its page, its pictures, what ended it."""

import logging
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from omegaconf import DictConfig

from aeexp.errors import TrackingError
from aeexp.tracking.mlflow.relocation import local_path
from aeexp.tracking.store import RunInfo

FOLDERS = ("report", "figures")
SHOWN = (".html", ".png", ".pdf", ".svg", ".jpg", ".gif")
CONFIG, TRACEBACK = "config.yaml", "traceback.txt"
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunFiles:
    """Files of a run.

    Args:
        tracking: the config's node of that name.
        run: that they belong to.
    """

    tracking: DictConfig
    run: RunInfo

    @property
    def folder(self) -> str:
        """The path or address of the files."""
        path = local_path(self.run.location)
        return self.run.location if path is None else str(path)

    def names(self) -> list[str]:
        """The pages and pictures, pages first."""
        names = [name for folder in FOLDERS for name in self._names(folder) if name.endswith(SHOWN)]
        return sorted(names, key=lambda name: (not name.endswith(".html"), name))

    def text(self, name: str) -> str:
        """The content of a file; empty where there is none."""
        path = local_path(self.run.location)
        if path is not None:
            return (path / name).read_text(encoding="utf-8", errors="replace") if (path / name).is_file() else ""
        with TemporaryDirectory() as folder:
            try:
                return self._store().read_file(self.run.id, name, Path(folder)).read_text(encoding="utf-8")
            except (TrackingError, ValueError) as error:
                LOG.debug("run %s: %s is not shown: %s", self.run.id, name, error)
                return ""

    def _names(self, folder: str) -> list[str]:
        path = local_path(self.run.location)
        if path is not None:
            return [f"{folder}/{each.name}" for each in (path / folder).glob("*") if each.is_file()]
        return [each.path for each in self._store().client.list_artifacts(self.run.id, folder) if not each.is_dir]

    def _store(self) -> Any:
        from aeexp.tracking.mlflow.opening import open_mlflow

        return open_mlflow(self.tracking, "keeps runs", to_write=False).store
