"""The MLflow tracker of a config, for all that needs MLflow in particular."""

from omegaconf import DictConfig

from aeexp.config.instantiate import instantiate
from aeexp.errors import ConfigError
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tracker import Tracker


def open_mlflow(tracking: DictConfig, purpose: str) -> MlflowTracker:
    """Open the tracker of a config, and end the runs whose process is dead.

    Args:
        tracking: the config's node of that name.
        purpose: of MLflow, which completes "only MLflow …".

    Raises:
        ConfigError: where it is another tracker.
        StoreUnreachableError: where the store does not answer.
    """
    tracker = as_mlflow(instantiate(tracking, "tracking", Tracker), purpose)
    tracker.open()
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
