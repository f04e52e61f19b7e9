"""Tasks of a sweep: the swept keys that decide how hard the images are, across which scores are not compared."""

import re
from collections.abc import Callable, Iterable, Sequence

REPETITIONS = ("seed", "dataset.split.fold")
"""Keys whose values repeat a training, and are averaged over."""

PARTS = ("corruption", "dataset")
"""Parts of the config that decide how hard the task is."""

GAIN = "gain/"
"""Beginning of the metrics that are relative to the best baseline, and so comparable between tasks."""


def task_axes(axes: Sequence[str], values: Callable[[str], Iterable[object]]) -> tuple[str, ...]:
    """The axes that tell tasks apart; none where there is a single task.

    Args:
        axes: the swept keys.
        values: of an axis, one for each job.
    """
    found = tuple(axis for axis in axes if re.split("[./]", axis)[0] in PARTS and axis not in REPETITIONS)
    return found if len(set(zip(*map(values, found), strict=True))) > 1 else ()
