"""The tracker of a config, opened before anything heavy is loaded or built."""

from omegaconf import DictConfig

from aeexp.config.aliases import current_class
from aeexp.config.instantiate import instantiate
from aeexp.errors import RunNotFoundError
from aeexp.tracking.mlflow.sqlite import local_database
from aeexp.tracking.tracker import Tracker

MLFLOW = "aeexp.tracking.mlflow.tracker.MlflowTracker"


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


def open_recorded(tracking: DictConfig, *, to_write: bool = True) -> Tracker:
    """Open the tracker of a config for a command that needs a recorded run, so that no store is made for it.

    Raises:
        RunNotFoundError: where there is no store.
        AeexpError: as `open_tracker` does.
    """
    if current_class(tracking.get("_target_", "")) == MLFLOW:
        database = local_database(tracking.get("uri"), tracking.get("folder", "."))
        if database is not None and not database.exists():
            raise RunNotFoundError(
                f"there are no runs in {database.parent}; name their folder by home=FOLDER, or train with aeexp train."
            )
    return open_tracker(tracking, to_write=to_write)
