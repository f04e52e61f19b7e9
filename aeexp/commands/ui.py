"""`aeexp ui`: the MLflow UI on the right store."""

import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

from omegaconf import DictConfig

if TYPE_CHECKING:
    from aeexp.tracking.mlflow import Mlflow


def run(config: DictConfig) -> None:
    """Serve the UI until Ctrl-C; a tracking server has one of its own."""
    from aeexp.commands.store import open_mlflow

    tracker = open_mlflow(config, "has a UI")
    if tracker.tracking_uri.startswith("http"):
        print(f"The tracking server shows its own UI at {tracker.tracking_uri}")
        return
    print(f"http://{config.host}:{config.port}{charts(tracker)}  (Ctrl-C ends it)", flush=True)
    command = ["ui", "--backend-store-uri", tracker.tracking_uri, "--host", config.host, "--port", str(config.port)]
    subprocess.run([sys.executable, "-m", "mlflow", *command], check=True)


def charts(tracker: "Mlflow") -> str:
    """The page of the UI that draws the curves of all trainings side by side."""
    from mlflow import MlflowClient

    from aeexp.sweeping.record import experiment_id

    experiment = experiment_id(MlflowClient(tracker.tracking_uri), tracker.experiment)
    trainings = quote("tags.\"aeexp.kind\" = 'training'")
    view = "workflowType=machine_learning&compareRunsMode=CHART"
    return f"/#/experiments/{experiment}/runs?{view}&searchFilter={trainings}"
