"""Soundness of a training: its probes, a prior without a loss term, its end, and whether it has learned anything."""

import logging
from collections.abc import Sequence

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.losses.objective import Objective
from aeexp.models.autoencoder import Autoencoder
from aeexp.tracking.tags import ENDED_TAG, STANDS_STILL_TAG
from aeexp.tracking.tracker import ActiveRun
from aeexp.training.trainer import TrainingTask

log = logging.getLogger(__name__)

DEFAULT_PROBES = (0, 1, 2, 3, 4, 15, 28, 39, 123, 1012)
"""Those of conf/train.yaml, of which small data sets have the first ones alone."""

FEW = 10
"""Test images below which a reader is warned."""

LEAST_EPOCHS = 3
"""Epochs after which a loss that has not fallen counts as standing still."""

SAME = 1e-6
"""Relative difference of losses, and difference of gray values, that counts as none."""


def existing_probes(probes: Sequence[int], images: int, *, strict: bool = False) -> tuple[int, ...]:
    """The probes that a test set of so many images has.

    Args:
        strict: whether to refuse others, unless they are the default ones.

    Raises:
        ConfigError: naming those beyond the test set.
    """
    beyond = [probe for probe in probes if probe >= images]
    if strict and beyond and tuple(probes) != DEFAULT_PROBES:
        raise ConfigError(
            f"probes: the test set has {images} images, at places 0 to {images - 1}. Received {beyond} among others "
            "beyond it; choose others, or 'probes=[]' for none."
        )
    return tuple(probe for probe in probes if probe < images)


def warn_of_doubts(task: TrainingTask, test_images: int, batch_size: int | None) -> None:
    """Warn of what a training can be expected to tell little of, before it begins.

    Args:
        batch_size: None for a quiet training, of which only what makes its figures doubtful is said.
    """
    warn_without_prior_term(task.model, task.objective)
    warn_of_few(test_images)
    if batch_size is not None:
        warn_of_few_steps(len(task.train), batch_size)


def warn_of_few_steps(images: int, batch_size: int) -> None:
    """Warn where an epoch is a single step, so that the usual number of epochs trains next to nothing."""
    if images < batch_size:
        log.warning(
            "an epoch is a single step: there are %s training images, fewer than trainer.batch_size=%d; a smaller one, "
            "such as trainer.batch_size=%d, trains faster.",
            *(images, batch_size, max(1, min(8, images // 4))),
        )


def warn_of_few(images: int) -> None:
    """Warn where the test images are so few that their metrics say little."""
    if images < FEW:
        log.warning(
            "there %s: figures of so few say little, however narrow their intervals; test on more images.",
            "is 1 test image" if images == 1 else f"are {images} test images",
        )


def stands_still(history: Sequence[dict[str, float]], evaluation: EvaluationResult) -> str | None:
    """Why a training has learned nothing; None where it may have.

    Training and validation count both: a loss whose weights rise, as in a warm-up, may grow in one of them.
    """
    first, last = history[0], history[-1]
    if len(history) >= LEAST_EPOCHS and all(
        last[name] >= first[name] - SAME * abs(first[name]) for name in ("train/loss", "val/loss")
    ):
        return (
            f"the loss has not fallen in {len(history)} epochs (train/loss {first['train/loss']:.6g} in the first, "
            f"{last['train/loss']:.6g} in the last)"
        )
    outputs, targets = evaluation.outputs["reconstruction"], evaluation.targets
    if len(outputs) > 1 and np.ptp(outputs, axis=0).max() <= SAME < np.ptp(targets, axis=0).max():
        return "the network gives the same output for every image"
    return None


def record_standstill(run: ActiveRun, history: Sequence[dict[str, float]], evaluation: EvaluationResult) -> None:
    """Warn of a training that has learned nothing, and record the reason."""
    if reason := stands_still(history, evaluation):
        log.warning("the training stands still: %s; try a lower optimizer.learning_rate or another loss.", reason)
        run.write_tags({STANDS_STILL_TAG: reason})


def record_end(run: ActiveRun, ended_by: str | None, *, resumed: bool) -> None:
    """Record what ended a training before its last epoch.

    Args:
        ended_by: None where nothing did.
        resumed: whether the run may have the tag of a shorter training.
    """
    if ended_by or resumed:
        run.write_tags({ENDED_TAG: ended_by or "its last epoch"})


def warn_without_prior_term(model: Autoencoder, objective: Objective) -> None:
    """Warn where codes are drawn from a distribution that no loss term compares with the prior."""
    if model.prior is None or any(set(term.needs) - {"reconstruction"} for term in objective.terms.values()):
        return
    terms = ",".join([*objective.terms, "kl"])
    log.warning(
        "no loss term compares the codes with the prior, so this is no variational autoencoder; add kl: 'loss=[%s]'.",
        terms,
    )
