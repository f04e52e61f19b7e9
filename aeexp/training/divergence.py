"""Divergence of a training: metrics that are no longer numbers, and the state to go on from with other settings."""

import math
from collections.abc import Collection, Mapping

from aeexp.errors import MetricError, TrainingDivergedError
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


def refuse_divergence(
    logs: Mapping[str, float], epoch: int, state: TrainingState | None, measured: Collection[str]
) -> None:
    """Refuse metrics of an epoch that are not finite.

    Args:
        epoch: counted from 0.
        state: to go on from, of the epochs before.
        measured: the names of the metrics that are no terms of the objective.

    Raises:
        DivergenceError: naming the first of them.
        MetricError: where all that the objective returns is finite, so that the training is not to blame.
    """
    infinite = {name: value for name, value in logs.items() if not math.isfinite(value)}
    for name, value in infinite.items():
        if infinite.keys() <= {f"val/{metric}" for metric in measured}:
            metric = name.partition("/")[2]
            raise MetricError(
                f"{name} is {value} in epoch {epoch + 1}, though the loss is finite: metric.{metric} gives no number "
                f"for some of the validation images. Correct it, or choose the metrics without {metric}."
            )
        terms = _diverged_terms(logs)
        by = f" by the term {' and '.join(terms)}" if terms else ""
        lower = " or ".join(["optimizer.learning_rate", *(f"loss.{term}.weight" for term in terms)])
        raise DivergenceError(
            f"{name} became {value} in epoch {epoch + 1}{by}; lower {lower}, or look at the loss terms.", state
        )


def _diverged_terms(logs: Mapping[str, float]) -> list[str]:
    """The loss terms that are not finite, where others are."""
    parts = {name: value for name, value in logs.items() if "/loss_" in name}
    finite = {_term(name) for name, value in parts.items() if math.isfinite(value)}
    diverged = dict.fromkeys(_term(name) for name, value in parts.items() if not math.isfinite(value))
    return list(diverged) if finite - diverged.keys() else []


def _term(name: str) -> str:
    return name.partition("/loss_")[2]
