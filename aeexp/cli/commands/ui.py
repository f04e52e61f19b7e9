"""`aeexp ui`: the MLflow UI on the right store."""

import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from typing import IO

import psutil
import requests
from omegaconf import DictConfig

from aeexp.errors import TrackingError
from aeexp.runtime.address import check_address

SECONDS_BETWEEN_TRIES = 0.3
LINES_OF_LOG = 5
"""Of the server's log, shown where it ends by itself."""

LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Where a server that listens everywhere answers on this machine."""


def run(config: DictConfig) -> None:
    """Serve the UI until Ctrl-C; a tracking server has one of its own.

    Raises:
        ConfigError: where nothing can listen at the address.
        TrackingError: where the server ends by itself.
    """
    from aeexp.runtime.credentials import without_credentials
    from aeexp.tracking.mlflow.opening import open_mlflow
    from aeexp.tracking.mlflow.ui_view import write_view

    check_address(config.host, config.port)
    tracker = open_mlflow(config.tracking, "has a UI", to_write=False)
    page = write_view(tracker.store)
    if tracker.tracking_uri.startswith("http"):
        print(f"The tracking server shows its own UI at {without_credentials(tracker.tracking_uri).rstrip('/')}{page}")
        return
    command = ["ui", "--backend-store-uri", tracker.store.uri, "--host", config.host, "--port", str(config.port)]
    _serve([sys.executable, "-m", "mlflow", *command], _address(config.host, config.port), page)


def _address(host: str, port: int) -> str:
    reachable = LOOPBACK.get(host, host)
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _serve(command: list[str], address: str, page: str) -> None:
    """Run a server and say where it is as soon as it answers; whatever ends this process ends the server too."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_it_answers(process, address)
            if process.poll() is None:
                print(f"{address}{page}  (Ctrl-C ends it)", flush=True)
            process.wait()
        except KeyboardInterrupt:
            _end(process)
            raise
        raise TrackingError(f"the MLflow UI has ended by itself: {_end_of(log)}")


def _wait_until_it_answers(process: subprocess.Popen[bytes], address: str) -> None:
    while process.poll() is None:
        with suppress(requests.RequestException):
            if requests.get(f"{address}/health", timeout=60).ok:
                return
        time.sleep(SECONDS_BETWEEN_TRIES)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it has started."""
    with suppress(psutil.NoSuchProcess):
        for each in [*psutil.Process(process.pid).children(recursive=True), process]:
            with suppress(psutil.NoSuchProcess):
                each.terminate()


def _end_of(log: IO[str]) -> str:
    log.seek(0)
    return " / ".join(line.strip() for line in log.readlines()[-LINES_OF_LOG:] if line.strip()) or "it gave no reason"
