"""The MLflow store, for the commands that make no sense without one."""

from omegaconf import DictConfig

from aeexp.config.instantiate import instantiate
from aeexp.errors import ConfigError
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tracker import Tracker


def open_mlflow(config: DictConfig, purpose: str) -> MlflowTracker:
    """Open the tracker of a config, and see to the runs that were killed.

    Raises:
        ConfigError: where it is not MLflow, which alone can do what the purpose says.
    """
    tracker = instantiate(config.tracking, "tracking", Tracker)
    if not isinstance(tracker, MlflowTracker):
        raise ConfigError(f"tracking: only MLflow {purpose}; use tracking=mlflow.")
    tracker.open()
    tracker.end_dead_runs()
    return tracker
