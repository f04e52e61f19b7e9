"""Settings that were changed when a run was resumed, as its tag records them: its params keep their first values."""

import re
from collections.abc import Mapping

from aeexp.tracking.tags import CHANGED_TAG

BETWEEN = re.compile(r"(?:^|; )after epoch \d+: |, (?=[a-z_]+(?:\.\w+)+ )")
"""Stands before each of `after epoch 2: trainer.epochs 2 -> 4, optimizer.momentum 0 -> 0.9; after epoch 4: …`."""


def with_changes(earlier: str | None, epochs: int, changed: Mapping[str, str]) -> str:
    """The tag once more settings have changed.

    Args:
        earlier: the tag so far.
        epochs: that the run has.
        changed: by their keys, each as `old -> new`.
    """
    now = f"after epoch {epochs}: {', '.join(f'{key} {values}' for key, values in changed.items())}"
    return f"{earlier}; {now}" if earlier else now


def params_in_force(params: Mapping[str, str], tags: Mapping[str, str]) -> dict[str, str]:
    """The params of a run with the values that it went on with."""
    changes = [each.partition(" ") for each in BETWEEN.split(tags.get(CHANGED_TAG, "")) if each]
    return {**params, **{key: values.rpartition(" -> ")[2] for key, _, values in changes}}
