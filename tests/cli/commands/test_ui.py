"""`aeexp ui` as a process: it answers on loopback, and leaves nothing behind."""

import signal
import socket
import subprocess
from pathlib import Path

import psutil
import pytest
import requests

from tests.support.processes import free_port, start
from tests.support.stores import database


def show(store: Path, port: int) -> subprocess.Popen[str]:
    return start("ui", f"tracking.uri={database(store)}", f"port={port}", f"tracking.folder={store}")


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_shows_the_page_and_ends_with_all_that_it_started(store, end):
    port = free_port()
    process = show(store, port)
    line = process.stdout.readline()
    assert line.startswith(f"http://127.0.0.1:{port}/#/experiments/")
    assert len(line) < 150
    assert "<title>MLflow</title>" in requests.get(f"http://127.0.0.1:{port}", timeout=60).text
    started = psutil.Process(process.pid).children(recursive=True)
    listening = [each for each in started if each.net_connections()]
    assert {address.laddr.ip for each in listening for address in each.net_connections()} == {"127.0.0.1"}
    process.send_signal(end)
    assert process.communicate(timeout=60) == ("", "the UI is closed\n")
    assert process.returncode == 130
    assert psutil.wait_procs(started, timeout=20)[1] == []


def test_a_port_in_use_is_refused_with_another_one(aeexp):
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        ended = aeexp("ui", f"port={port}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"error: port: {port} is in use on 127.0.0.1; choose another, port={port + 1}.\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["port=80000"], "port: it must be from 1 to 65535. Received port=80000"),
        (["port=0"], "port: it must be from 1 to 65535. Received port=0"),
        (["port=-1"], "port: it must be from 1 to 65535. Received port=-1"),
        (["host=192.0.2.1"], "host: it must be an address of this machine. Received host=192.0.2.1"),
        (["host=no-such-host.invalid"], "host: it must be an address of this machine. Received host=no-such-host"),
        (["host=a..b"], "host: it must be an address of this machine. Received host=a..b"),
    ],
)
def test_an_address_that_nothing_can_listen_on(aeexp, monkeypatch, words, message):
    monkeypatch.setattr(socket.socket, "connect_ex", lambda *_: 1)  # waits for a reply that never comes
    ended = aeexp("ui", *words)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.startswith(f"error: {message}")
