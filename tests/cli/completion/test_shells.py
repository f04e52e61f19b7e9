"""Completion in real shells, and the scripts that are printed for them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import run
from tests.support.terminal import Terminal

TAB, KILL = "\t", "\x15"

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(aeexp --completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit; compinit -u -D; source <(aeexp --completion zsh)"),
}

PRESSED = {
    "aeexp train model.lat": r"aeexp train model\.latent_dim=$",
    "aeexp show run=best:val/p": "aeexp show run=best:val/psnr ",
    "aeexp train 'corruption=[downscale,noi": r"aeexp train 'corruption=\[downscale,noise$",
    "aeexp train -m model=unet,res": "aeexp train -m model=unet,residual ",
    "true && aeexp train --config-dir mine corruption=inv": "corruption=invert ",
    "aeexp predict images=pho": "images=photos/$",
}
"""What a line becomes by a tab; one who waits for a key behind a sign is given no space."""


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(shell), reason=f"{shell} is not installed")


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """One with the program, in a folder with a component of one's own and without runs."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "photos").mkdir()
    (tmp_path / "mine/corruption").mkdir(parents=True)
    (tmp_path / "mine/corruption/invert.yaml").write_text("invert: {_target_: my.Invert}")
    program = tmp_path / "bin/aeexp"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{Path(__file__).parents[3]}" exec "{sys.executable}" -m aeexp "$@"\n')
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    home = str(tmp_path)
    return {
        **os.environ,
        "PATH": path,
        "HOME": home,
        "AEEXP_HOME": home,
        "TERM": "dumb",
        "PS1": "> ",
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture(params=[pytest.param(shell, marks=needs(shell)) for shell in SHELLS])
def terminal(request, environment) -> Iterator[Terminal]:
    words, setup = SHELLS[request.param]
    shell = Terminal(words, environment)
    shell.type("", "> ")
    shell.type(f"{setup}; echo set''up\n", "setup.*> ")
    yield shell
    shell.close()


def test_a_tab_in_a_shell(terminal):
    for line, expected in PRESSED.items():
        assert terminal.type(line + TAB, expected).startswith(line)
        terminal.type(KILL + "echo clea''red\n", "cleared.*> ")
    assert "dense" in terminal.type("aeexp train model/architecture=" + 2 * TAB, "conv.*residual.*unet")


@needs("fish")
def test_fish(environment):
    lines = ["aeexp tr", "aeexp train model.lat", "aeexp show run=best:", "aeexp train 'report=[tsne,um"]
    script = "\n".join(["aeexp --completion fish | source", *(f'complete -C "{line}"' for line in lines)])
    done = subprocess.run(["fish", "--no-config", "-c", script], env=environment, capture_output=True, text=True)
    shown = ["train", "transfer", "model.latent_dim=", "run=best:val/loss", "run=best:val/psnr"]
    assert (done.stdout.split(), done.stderr) == ([*shown, "report=[tsne,umap,", "report=[tsne,umap]"], "")


def test_an_answer_loads_nothing_heavy():
    program = (
        "import sys; from aeexp.cli.main import main\nmain()\nprint({'hydra', 'numpy', 'mlflow'} & set(sys.modules))"
    )
    done = run("--completion", "query", "train", "model.lat", program=("-c", program))
    assert done.stdout == "model.latent_dim=\nset()\n"


@pytest.mark.parametrize("shell", [*SHELLS, "fish"])
def test_the_script_of_a_shell(aeexp, shell):
    ended = aeexp("--completion", shell)
    assert (ended.code, ended.err) == (0, "")
    assert f"in {shell}. In ~/" in ended.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--completion"], "it needs the name of a shell, bash, zsh or fish. Received nothing."),
        (["completion", "bsh"], "Received bsh. Did you mean 'bash'?"),
        (["train", "-sc", "install=bash"], 'run eval "$(aeexp --completion bash)"'),
    ],
)
def test_no_such_shell(aeexp, words, message):
    ended = aeexp(*words)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert message in ended.err
