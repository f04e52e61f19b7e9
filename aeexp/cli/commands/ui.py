"""`aeexp ui`: the MLflow UI on the right store."""

import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

import psutil
from omegaconf import DictConfig

from aeexp.cli.address import check_address

if TYPE_CHECKING:
    from aeexp.tracking.mlflow.tracker import MlflowTracker


def run(config: DictConfig) -> None:
    """Serve the UI until Ctrl-C; a tracking server has one of its own."""
    from aeexp.tracking.mlflow.errors import without_credentials
    from aeexp.tracking.mlflow.opening import open_mlflow

    check_address(config.host, config.port)
    tracker = open_mlflow(config.tracking, "has a UI", to_write=False)
    if tracker.tracking_uri.startswith("http"):
        print(f"The tracking server shows its own UI at {without_credentials(tracker.tracking_uri)}")
        return
    print(f"http://{config.host}:{config.port}{charts(tracker)}  (Ctrl-C ends it)", flush=True)
    command = ["ui", "--backend-store-uri", tracker.store.uri, "--host", config.host, "--port", str(config.port)]
    _run_to_its_end([sys.executable, "-m", "mlflow", *command])


def _run_to_its_end(command: list[str]) -> None:
    """Run a program; whatever ends this process ends it too, with the processes it has started."""
    process = subprocess.Popen(command)
    try:
        process.wait()
    except KeyboardInterrupt:
        for each in [*psutil.Process(process.pid).children(recursive=True), process]:
            with suppress(psutil.NoSuchProcess):
                each.terminate()
        raise


def charts(tracker: "MlflowTracker") -> str:
    """The page of the UI that draws the curves of all trainings side by side."""
    from aeexp.tracking.store import KIND_TAG

    trainings = quote(f"tags.\"{KIND_TAG}\" = 'training'")
    view = "workflowType=machine_learning&compareRunsMode=CHART"
    return f"/#/experiments/{tracker.store.experiment_id}/runs?{view}&searchFilter={trainings}"
