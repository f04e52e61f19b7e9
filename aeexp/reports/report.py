"""Report: the abstract base class of all reports."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from aeexp.evaluation.result import EvaluationResult
from aeexp.tracking.artifacts import Artifact


class Report(ABC):
    """Figures, tables or metrics computed from an evaluation. Reports compute and yield; trackers write."""

    of_codes: ClassVar[bool] = False
    """Whether it shows codes, which tell nothing where a code is as large as its image."""

    higher_is_better: ClassVar[tuple[str, ...]] = ()
    """The last part of the names of those of its numbers of which more is better, such as `linear_accuracy`."""

    every: int | None = None
    """Epochs between progress images during training; None disables them."""

    @abstractmethod
    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        """The artifacts at the end of a run."""

    def progress(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        """The artifacts during training, from an evaluation of the probe images only."""
        yield from ()
