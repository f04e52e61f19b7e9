"""Identity: the corrupted input itself."""

from dataclasses import dataclass
from typing import Self

from aeexp.baselines.baseline import Baseline, Examples, RestorationTask, Restorer


@dataclass(frozen=True)
class Input(Baseline):
    """Identity baseline: the corrupted input unchanged, the least that a model must surpass."""

    def adapt(self, task: RestorationTask) -> Self | None:
        return self if task.corrupted and task.keeps_size else None

    def fit(self, task: RestorationTask, examples: Examples) -> Restorer:
        return lambda inputs: inputs
