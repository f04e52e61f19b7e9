"""Divergence of a training: metrics that are no longer numbers, and the state to go on from with other settings."""

import math
from collections.abc import Mapping

from aeexp.errors import TrainingDivergedError
from aeexp.training.checkpoint import TrainingState


class DivergenceError(TrainingDivergedError):
    """The training has diverged.

    Args:
        state: the finite epochs, and weights and optimizer as they were after the best of them; None where there is
            no such epoch.
    """

    def __init__(self, message: str, state: TrainingState | None) -> None:
        super().__init__(message)
        self.state = state


def refuse_divergence(logs: Mapping[str, float], epoch: int, state: TrainingState | None) -> None:
    """Refuse metrics of an epoch that are not finite.

    Args:
        epoch: counted from 0.
        state: to go on from, of the epochs before.

    Raises:
        DivergenceError: naming the first of them.
    """
    for name, value in logs.items():
        if not math.isfinite(value):
            raise DivergenceError(
                f"{name} became {value} in epoch {epoch + 1}; lower optimizer.learning_rate or look at the loss terms.",
                state,
            )
