"""The MLflow tracker of a config, for all that needs MLflow in particular."""

from omegaconf import DictConfig

from aeexp.config.instantiate import instantiate
from aeexp.errors import ConfigError
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tracker import Tracker


def open_mlflow(tracking: DictConfig, purpose: str, *, to_write: bool = True) -> MlflowTracker:
    """Open the tracker of a config, and end the runs whose process is dead.

    Args:
        tracking: the config's node of that name.
        purpose: of MLflow, which completes "only MLflow …".
        to_write: whether anything is to be recorded, which a read-only store refuses.

    Raises:
        ConfigError: where it is another tracker, its address cannot be one, or its experiment was deleted.
        StoreUnreachableError: where the store does not answer, or cannot be written to.
    """
    tracker = as_mlflow(instantiate(tracking, "tracking", Tracker), purpose)
    tracker.open(to_write=to_write)
    tracker.store.end_dead_runs()
    return tracker


def as_mlflow(tracker: Tracker, purpose: str) -> MlflowTracker:
    """The tracker itself.

    Raises:
        ConfigError: where it is not MLflow, which alone can do what the purpose says.
    """
    if not isinstance(tracker, MlflowTracker):
        raise ConfigError(f"tracking: only MLflow {purpose}. Received a {type(tracker).__name__}; use tracking=mlflow.")
    return tracker
