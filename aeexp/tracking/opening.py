"""The tracker of a config, opened before anything heavy is loaded or built."""

from omegaconf import DictConfig

from aeexp.config.instantiate import instantiate
from aeexp.tracking.tracker import Tracker


def open_tracker(tracking: DictConfig, *, to_write: bool = True) -> Tracker:
    """Open the tracker of a config.

    Args:
        tracking: the config's node of that name.
        to_write: whether runs are to be recorded, which a read-only store refuses.

    Raises:
        ConfigError: where no such tracker can be.
        StoreUnreachableError: where the store does not answer, or cannot be written to.
    """
    tracker = instantiate(tracking, "tracking", Tracker)
    tracker.open(to_write=to_write)
    return tracker
