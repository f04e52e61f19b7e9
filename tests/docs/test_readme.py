"""The README on the life of a run: each command there works, in that order."""

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aeexp.cli import main as cli
from aeexp.datasets.mnist import Mnist
from tests.support.processes import free_port, wait_for

README = (Path(__file__).parents[2] / "README.md").read_text()
LIFE = README.partition("## The life of a run\n")[2].partition("\n## ")[0]
COMMANDS = [line.strip() for line in LIFE.splitlines() if line.startswith("    ")]
SMALL = {
    "train": ["dataset.limit=60", "trainer.epochs=1", "report=none", "baseline=[input]"],
    "evaluate": ["report=none", "baseline=[input]"],
    "transfer": ["baseline=[input]", "limit=20"],
}
"""What makes a command quick."""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Where the reader is: beside a folder of pictures."""
    (tmp_path / "photos").mkdir()
    for place, pixels in enumerate(Mnist(limit=10).load("test").images[..., 0]):
        Image.fromarray(pixels).save(tmp_path / "photos" / f"{place}.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words(command: str) -> list[str]:
    return shlex.split(command)[1:]


def test_the_readme_shows_every_command_of_a_run():
    shown = {words(command)[0] for command in COMMANDS if command.startswith("aeexp")}
    assert shown == set(cli.COMMANDS) - {"report", "ui"}
    assert all(command.startswith(("aeexp ", "export ", "mlflow ")) for command in COMMANDS)


@pytest.mark.slow
def test_every_command_of_the_readme_works(aeexp, folder):
    for command in COMMANDS:
        if command.startswith("aeexp"):
            name, *rest = words(command)
            ended = aeexp(name, *rest, *SMALL.get(name, []))
            assert ended.code == 0, (command, ended.err)
    assert {path.name for path in (folder / "restored").iterdir()} == {
        "contact_sheet.png",
        *(f"{n}.png" for n in range(10)),
    }
    assert (folder / "latents.npz").exists()


@pytest.mark.slow
def test_the_served_model_answers_with_a_picture(aeexp, folder):
    aeexp("train", *SMALL["train"], "corruption=noise")
    (register,) = [command for command in COMMANDS if command.startswith("aeexp register")]
    assert aeexp(*words(register)).code == 0
    export, serve = [command for command in COMMANDS if command.startswith(("export", "mlflow"))]
    (program,) = re.findall(r"```python\n(.*?)```", LIFE, re.DOTALL)
    port = str(free_port())
    with served(f"{export}; exec {serve.replace('5001', port)}", f"http://127.0.0.1:{port}/ping"):
        done = subprocess.run([sys.executable, "-c", program.replace("5001", port)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with Image.open("answer.png") as answer:
        assert answer.size == (28, 28)
        assert np.asarray(answer).std() > 0


@contextmanager
def served(command: str, address: str) -> Iterator[None]:
    """A server while it is needed."""
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"  # as in an activated environment
    server = subprocess.Popen(["bash", "-c", command], start_new_session=True, env={**os.environ, "PATH": path})
    try:
        wait_for(address, server)
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
