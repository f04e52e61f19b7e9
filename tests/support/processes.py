"""Real processes for tests: a tracking server that can be killed and started again, and the end of a whole tree."""

import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import requests


def kill_tree(process: subprocess.Popen) -> None:
    """What `kill -9` of all processes at once does."""
    tree = []
    with suppress(psutil.NoSuchProcess):  # it may have ended by itself
        tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for each in tree:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    process.communicate(timeout=60)


class Server:
    """An MLflow server on loopback, with its database and artifacts in a folder."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.uri = f"http://127.0.0.1:{self._port}"
        self._database = f"sqlite:///{folder}/mlflow.db"
        self._artifacts = str(folder / "artifacts")

    def start(self) -> None:
        """Start it, again if need be, and wait until it answers."""
        where = ("--backend-store-uri", self._database, "--artifacts-destination", self._artifacts)
        command = [sys.executable, "-m", "mlflow", "server", *where, "--port", str(self._port), "--workers", "1"]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, **silent, start_new_session=True)
        for _ in range(240):
            with suppress(requests.RequestException):
                if requests.get(f"{self.uri}/health", timeout=1).ok:
                    return
            time.sleep(0.5)
        raise TimeoutError(f"no server at {self.uri}")

    def kill(self) -> None:
        """End it at once."""
        kill_tree(self._process)
