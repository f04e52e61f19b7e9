"""The guide from training to a served model, and the README: each command there works."""

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
from hydra import compose, initialize_config_dir
from PIL import Image

from aeexp.cli import main as cli
from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.datasets.mnist import Mnist
from tests.support.processes import free_port, wait_for

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide.md").read_text()
COMMANDS = [line.strip() for line in GUIDE.splitlines() if line.startswith("    ")]
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


def commands_of(page: str) -> list[str]:
    lines = re.sub(r" *\\\n *", " ", (ROOT / page).read_text()).splitlines()
    shown = [re.split("  +", line.strip())[0] for line in lines if line.startswith("    aeexp ")]
    return [line for line in shown if line != "aeexp"]


def test_every_command_is_shown():
    shown = {words(command)[0] for command in [*COMMANDS, *commands_of("README.md")] if command.startswith("aeexp")}
    assert shown == set(cli.COMMANDS) - {"report"}, "the report of a sweep is on the page of sweeps"
    assert all(command.startswith(("aeexp ", "export ", "mlflow ")) for command in COMMANDS)


SHOWN = [command for page in ("README.md", "docs/data.md", "docs/gallery.md") for command in commands_of(page)]


@pytest.mark.parametrize("command", SHOWN)
def test_commands_of_other_pages_are_understood(aeexp, command):
    name, *rest = words(command)
    single = [word.split(",")[0] if "-m" in rest else word for word in rest if word != "-m"]
    ended = aeexp(name, *single, "--cfg", "job")
    assert ended.code == 0, ended.err


PAGES = [ROOT / "README.md", *ROOT.glob("docs/*.md"), *CONF.glob("*.yaml")]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_brackets_and_patterns_are_quoted(page):
    """Which zsh would take for names of files."""
    assert re.findall(r"(?<!['\w./])[a-z][\w./]*=\[\S*|=[^\s'\"`|]*\*\S*", page.read_text()) == []


def test_keys_used_most_are_keys():
    rows = [row for row in (ROOT / "docs" / "keys.md").read_text().splitlines() if row.startswith("| `")]
    overrides = [word for row in rows for word in shlex.split(row.split("`")[1])]
    register_schemas()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        compose("train", overrides)
    assert len(overrides) == 22


@pytest.mark.slow
def test_every_command_of_the_guide_works(aeexp, folder):
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
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
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
