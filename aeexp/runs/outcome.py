"""A training in words: its title while it is at work, and how far it came, for the terminal and its page."""

import re
import sys
from collections.abc import Sequence
from datetime import timedelta

from aeexp.config.overrides import CUT, written_out
from aeexp.runtime.notebook import in_notebook
from aeexp.tracking.tags import VALIDATION_IS_TEST
from aeexp.training.checkpoint import TrainingState


def title(name: str, overrides: Sequence[str]) -> str:
    """The name of a run; in a pipe or a file all its overrides where the name leaves some out.

    Args:
        overrides: of the command.
    """
    is_cut = name.endswith(CUT) and not sys.stdout.isatty() and not in_notebook()
    return (is_cut and written_out(overrides)) or name


def state_in_words(trained: TrainingState, monitor: str, best_epoch: int, protocol: str, seconds: float) -> str:
    """Which epochs were trained, which was the best, by which images, and how long it took.

    Args:
        best_epoch: its place, counted from 0.
        protocol: the tag that says which images validate.
    """
    epochs = len(trained.history)
    count = "1 epoch" if epochs == 1 else f"{epochs} epochs"
    ended = f", ended by {trained.ended_by}" if trained.ended_by else ""
    best = f"best {monitor} after epoch {best_epoch + 1}{_chosen_on(monitor, protocol)}"
    return f"{count}{ended}, {best} · {timedelta(seconds=round(seconds))}"


def _chosen_on(monitor: str, protocol: str) -> str:
    if monitor.startswith("train/"):
        return ", chosen on the training images"
    if protocol == VALIDATION_IS_TEST:
        return " (validation is test: the test images chose as well)"
    images = int(re.findall(r"\d+", protocol)[-1])
    kind = "validation" if "of the data set" in protocol else "held-out"
    return f", chosen on {images:,} {kind} images"
