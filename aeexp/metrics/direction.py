"""Direction of a metric: whether its best value is the smallest or the largest one."""

from aeexp.errors import ConfigError

MODES = ("min", "max")


def resolve_mode(mode: str | None, metric: str, higher_is_better: bool | None, key: str) -> str:
    """Whether the `min` or the `max` of a metric is the best, from what is known of it and what the user says.

    Args:
        mode: as given; None takes the metric's own direction.
        higher_is_better: the metric's own direction; None where it is not known.
        key: that the mode was given by, for messages.

    Raises:
        ConfigError: for a mode that contradicts the metric, and for none where the direction is not known.
    """
    own = None if higher_is_better is None else MODES[higher_is_better]
    if mode not in (None, *MODES):
        raise ConfigError(f"{key}: must be min, max or null. Received {key}={mode}.")
    if mode is None and own is None:
        raise ConfigError(
            f"{key}: whether higher or lower values of {metric} are better is not known. Check its name, or give "
            f"{key}=min or {key}=max."
        )
    if own not in (None, mode or own):
        better = "higher" if higher_is_better else "lower"
        raise ConfigError(
            f"{key}: {better} values of {metric} are better. Received {key}={mode}; leave it out or use {key}={own}."
        )
    return str(mode or own)
