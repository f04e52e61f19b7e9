"""`aeexp ui`: the MLflow UI on the right store."""

import subprocess
import sys

from omegaconf import DictConfig


def run(config: DictConfig) -> None:
    """Serve the UI until Ctrl-C; a tracking server has one of its own."""
    from aeexp.commands.store import open_mlflow

    tracker = open_mlflow(config, "has a UI")
    if tracker.tracking_uri.startswith("http"):
        print(f"The tracking server shows its own UI at {tracker.tracking_uri}")
        return
    print(f"http://{config.host}:{config.port}  (Ctrl-C ends it)", flush=True)
    command = ["ui", "--backend-store-uri", tracker.tracking_uri, "--host", config.host, "--port", str(config.port)]
    subprocess.run([sys.executable, "-m", "mlflow", *command], check=True)
