"""Ranges of an optimizer's settings, which Keras does not check."""

from collections.abc import Mapping
from math import inf
from typing import Any

from omegaconf import DictConfig, OmegaConf

from aeexp.errors import ConfigError

ABOVE_ZERO = ("above 0", lambda value: 0 < value < inf)
NOT_NEGATIVE = ("0 or more", lambda value: 0 <= value < inf)
BELOW_ONE = ("at least 0 and below 1", lambda value: 0 <= value < 1)

RANGES = {
    "learning_rate": ABOVE_ZERO,
    "epsilon": ABOVE_ZERO,
    "clipnorm": ABOVE_ZERO,
    "clipvalue": ABOVE_ZERO,
    "global_clipnorm": ABOVE_ZERO,
    "weight_decay": NOT_NEGATIVE,
    "beta_1": BELOW_ONE,
    "beta_2": BELOW_ONE,
    "rho": BELOW_ONE,
    "momentum": BELOW_ONE,
}
CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")
"""Ways of clipping the gradient, of which an optimizer has one at most."""

OPTIONAL = (*CLIPS, "weight_decay")
"""Settings that may be null."""


def check_settings(settings: Mapping[str, Any]) -> None:
    """Refuse numbers with which no optimizer makes sense.

    Raises:
        ConfigError: naming the settings, and their range.
    """
    for name, value in settings.items():
        if name not in RANGES or (value is None and name in OPTIONAL):
            continue
        range_, is_inside = RANGES[name]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not is_inside(value):
            kind = "" if is_number else "a number, "
            raise ConfigError(f"optimizer: `{name}` must be {kind}{range_}. Received {name}={value}.")
    clips = [f"{name}={settings[name]}" for name in CLIPS if settings.get(name) is not None]
    if len(clips) > 1:
        raise ConfigError(
            f"optimizer: the gradient is clipped in one way at most. Received {' and '.join(clips)}; "
            "set the others to null."
        )
    if settings.get("_target_") == "keras.optimizers.AdamW" and settings.get("weight_decay", 0) is None:
        raise ConfigError("optimizer: `weight_decay` of adamw must be 0 or more. Received weight_decay=None; use 0.")


def with_floats(settings: DictConfig) -> DictConfig:
    """The settings with `1.0` in place of `1`, which Keras refuses."""
    numbers = {name: float(value) for name, value in settings.items() if name in RANGES and isinstance(value, int)}
    return OmegaConf.merge(settings, numbers)  # type: ignore[return-value]
