"""The corrupted image itself."""

from dataclasses import dataclass
from typing import Self

from aeexp.baselines.baseline import Baseline, Examples, RestorationTask, Restorer


@dataclass(frozen=True)
class Input(Baseline):
    """Leaves the images as they are: what there is to lose."""

    def adapt(self, task: RestorationTask) -> Self | None:
        return self if task.corrupted and task.keeps_size else None

    def fit(self, task: RestorationTask, examples: Examples) -> Restorer:
        return lambda inputs: inputs
