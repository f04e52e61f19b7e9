"""`aeexp ui`: the MLflow UI on the right store."""

import subprocess
import sys

from omegaconf import DictConfig

from aeexp.build import build
from aeexp.errors import ConfigError
from aeexp.tracking.tracker import Tracker


def run(config: DictConfig) -> None:
    """Serve the UI until Ctrl-C; a tracking server has one of its own."""
    from aeexp.tracking.mlflow import Mlflow

    tracker = build(config.tracking, "tracking", Tracker)
    if not isinstance(tracker, Mlflow):
        raise ConfigError("tracking: only MLflow has a UI; use tracking=mlflow.")
    tracker.open()
    if tracker.tracking_uri.startswith("http"):
        print(f"The tracking server shows its own UI at {tracker.tracking_uri}")
        return
    print(f"http://{config.host}:{config.port}  (Ctrl-C ends it)", flush=True)
    command = ["ui", "--backend-store-uri", tracker.tracking_uri, "--host", config.host, "--port", str(config.port)]
    subprocess.run([sys.executable, "-m", "mlflow", *command], check=True)
