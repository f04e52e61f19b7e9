"""The contract of a report."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from aeexp.evaluation.result import EvaluationResult
from aeexp.tracking.artifacts import Artifact


class Report(ABC):
    """A picture, table or number drawn from an evaluation. Reports compute and yield; trackers write."""

    higher_is_better: ClassVar[tuple[str, ...]] = ()
    """The last part of the names of those of its numbers of which more is better, such as `linear_accuracy`."""

    every: int | None = None
    """Epochs between the pictures of the training's progress; None makes none."""

    @abstractmethod
    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        """What there is to see at the end of a run."""

    def progress(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        """What there is to see during training, of the probe images alone."""
        yield from ()
