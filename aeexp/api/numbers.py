"""Whole numbers that a call is given, checked before anything is computed with them."""

import operator
from typing import Any

from aeexp.errors import ConfigError


def whole(name: str, value: Any, least: int, most: int | None = None) -> int:
    """A whole number between two ends.

    Args:
        name: of the argument.
        most: None for no end.

    Raises:
        ConfigError: for another number, and for what is none.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if isinstance(value, bool) or number < least or (most is not None and number > most):
        ends = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ConfigError(f"{name}: must be a whole number {ends}. Received {name}={value!r}.")
    return number
