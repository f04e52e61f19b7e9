"""What is recorded of a run: its name, metrics, figures and page."""

from abc import ABC
from dataclasses import dataclass
from functools import cached_property

from aeexp.api.figures import Figures
from aeexp.runs.page import PAGE
from aeexp.tracking.mlflow.relocation import local_path
from aeexp.tracking.store import RunInfo
from aeexp.tracking.tracker import Tracker


@dataclass(frozen=True, repr=False)
class Recorded(ABC):
    """A recorded run.

    Args:
        id: of the run.
        tracker: that has recorded it.
    """

    id: str
    tracker: Tracker

    @property
    def info(self) -> RunInfo:
        """All that is recorded of it but its files, as it is now."""
        return self.tracker.store.info(self.id)

    @property
    def name(self) -> str:
        """Its name."""
        return self.info.name

    @property
    def status(self) -> str:
        """Whether it is running, finished, failed or killed."""
        return self.info.status.lower()

    @property
    def metrics(self) -> dict[str, float]:
        """The last value of each metric: `val/psnr`, `test/psnr` and the like."""
        return dict(self.info.metrics)

    @cached_property
    def figures(self) -> Figures:
        """The figures by their names, as images of Pillow."""
        return Figures(self.id, self.tracker.store)

    @property
    def page(self) -> str:
        """The path or address of its page."""
        return f"{local_path(self.info.location) or self.info.location}/{PAGE}"
