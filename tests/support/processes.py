"""Real processes for tests: commands that can be killed, and a tracking server that can be started again."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.support.command_line import UNSET


def start(*words: object, program: Sequence[str] = ("-m", "aeexp"), **options: Any) -> subprocess.Popen[str]:
    """Start a command whose output can be read, in no store that the environment of the tests names."""
    environment = {name: value for name, value in os.environ.items() if name not in (*UNSET, "AEEXP_HOME")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment}
    return subprocess.Popen([sys.executable, *program, *map(str, words)], **pipes | options)


def run(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    with start(*words, **options) as process:
        out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def kill_tree(process: subprocess.Popen) -> None:
    """What `kill -9` of all processes at once does."""
    tree = []
    with suppress(psutil.NoSuchProcess):  # it may have ended by itself
        tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for each in tree:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    process.communicate(timeout=60)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(address: str, server: subprocess.Popen, words: str = "") -> None:
    """Wait until a server answers with these words."""
    for _ in range(600):
        assert server.poll() is None, "the server has ended"
        with suppress(requests.RequestException):
            answer = requests.get(address, timeout=5)
            if answer.ok and words in answer.text:
                return
        time.sleep(0.2)
    raise TimeoutError(f"no server at {address}")


class Server:
    """An MLflow server on loopback, with its database and artifacts in a folder."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        self.uri = f"http://127.0.0.1:{self._port}"
        self._database = f"sqlite:///{folder}/mlflow.db"
        self._artifacts = str(folder / "artifacts")

    def start(self) -> None:
        """Start it, again if need be, and wait until it answers."""
        where = ("--backend-store-uri", self._database, "--artifacts-destination", self._artifacts)
        command = [sys.executable, "-m", "mlflow", "server", *where, "--port", str(self._port), "--workers", "1"]
        options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}  # four processes more
        self._process = subprocess.Popen(command, **options, env=environment)
        wait_for(f"{self.uri}/health", self._process)

    def kill(self) -> None:
        """End it at once."""
        kill_tree(self._process)
