"""Infrastructure keys: where runs are stored, how fast they run and who launches them; no settings of an experiment."""

import copy
from collections.abc import Mapping
from typing import Any

INFRASTRUCTURE = (
    *("tracking", "launch", "home", "open", "sweep", "hydra"),
    *("trainer.threads", "trainer.checkpoints", "comparison.cache"),
)
"""Dotted keys of the config, each with all that lies below it. They can change no result."""


def is_infrastructure(key: str) -> bool:
    """Whether a dotted key is one of them, or lies below one."""
    dotted = f"{key.replace('/', '.')}."
    return any(dotted.startswith(f"{name}.") for name in INFRASTRUCTURE)


def without_infrastructure(config: Mapping[str, Any], *ignored: str) -> dict[str, Any]:
    """A copy of a config, as plain values, without these keys and others that are ignored."""
    plain: dict[str, Any] = copy.deepcopy(dict(config))
    for path in (*INFRASTRUCTURE, *ignored):
        *parents, last = path.split(".")
        node = plain
        for parent in parents:
            node = node.get(parent) or {}
        node.pop(last, None)
    return plain
