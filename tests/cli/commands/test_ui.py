"""`aeexp ui` as a process: it answers on loopback, and leaves nothing behind."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import requests

pytestmark = pytest.mark.slow


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "aeexp", "ui", f"tracking.uri=sqlite:///{folder}/mlflow.db", f"port={port}"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*command, f"tracking.folder={folder}"], **pipes)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_shows_the_page_and_ends_with_all_that_it_started(tmp_path, port, end):
    process = start(tmp_path, port)
    assert f"http://127.0.0.1:{port}/#/experiments/" in process.stdout.readline()
    for _ in range(240):
        with suppress(requests.RequestException):
            if "<title>MLflow</title>" in requests.get(f"http://127.0.0.1:{port}", timeout=1).text:
                break
        time.sleep(0.5)
    started = psutil.Process(process.pid).children(recursive=True)
    listening = [each for each in started if each.net_connections()]
    assert {address.laddr.ip for each in listening for address in each.net_connections()} == {"127.0.0.1"}
    process.send_signal(end)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert psutil.wait_procs(started, timeout=20)[1] == []


def test_a_port_in_use(tmp_path, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        process = start(tmp_path, port)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert f"error: port: {port} is in use on 127.0.0.1; choose another, port={port + 1}." in err
