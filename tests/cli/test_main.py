"""The command line: help, the composed config, and mistakes in a command."""

import os
import re
import sys
from importlib.metadata import version

import pytest
import yaml
from omegaconf import OmegaConf

from aeexp.cli.main import main
from aeexp.config.paths import CONF
from tests.support.processes import run

HEAVY = {"tensorflow", "keras", "mlflow", "matplotlib", "sklearn", "skimage"}


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",), ("help",)])
def test_lists_the_commands(aeexp, arguments):
    ended = aeexp(*arguments)
    assert ended.code == 0
    assert "aeexp train" in ended.out
    assert "aeexp ui" in ended.out


def test_version(aeexp):
    ended = aeexp("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"aeexp {version('aeexp')}\n", "")


@pytest.mark.parametrize("command", ["train", "ui"])
def test_each_command_has_a_help(aeexp, command):
    ended = aeexp(command, "--help")
    own = OmegaConf.load(CONF / f"{command}.yaml").keys() - {"defaults", "hydra", "home"}
    assert set(re.findall(r"^  ([a-z_]+)[=.]", ended.out, re.MULTILINE)) == own
    assert ended.code == 0
    assert f"aeexp {command}" in ended.out


def test_the_whole_config_is_shown_on_request(aeexp):
    ended = aeexp("train", "--cfg", "job", "corruption=[downscale,noise]", "model.latent_dim=8")
    assert ended.code == 0
    assert all(word in ended.out for word in ("latent_dim: 8", "factor: 2", "std: 0.5", "Adam", "epochs: 25"))


def test_the_beginning_of_an_id_is_no_number(aeexp):
    assert "limit: 3" in aeexp("evaluate", "run=latest", "dataset.limit=3", "--cfg", "job").out
    assert "run: '12e4'" in aeexp("evaluate", "run=12e4", "--cfg", "job").out
    assert "beside: '12e4'" in aeexp("explore", "run=latest", "beside=12e4", "--cfg", "job").out
    assert "sweep: '12e4'" in aeexp("report", "sweep=12e4", "--cfg", "job").out
    assert "reference: '12e4'" in aeexp("compare", "runs=[a1]", "baseline=12e4", "--cfg", "job").out
    out = aeexp("transfer", "runs=[12e4,0012,77]", "--cfg", "job").out
    assert yaml.safe_load(out)["runs"] == ["12e4", "0012", "77"]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["train", "--help"], ["train", "--cfg", "job"]])
def test_help_and_the_config_load_nothing_heavy(arguments):
    program = (
        "import sys; from aeexp.cli.main import main; sys.argv[1:] = sys.argv[1:]\n"
        "try: main()\n"
        "finally: print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = run(*arguments, program=("-c", program))
    loaded = set(done.stdout.partition("LOADED")[2].split())
    assert ("hydra" in loaded) == ("train" in arguments)
    assert not loaded & HEAVY


def test_leaves_the_process_as_it_was(monkeypatch, capsys):
    arguments, environment = ["aeexp", "train", "--cfg", "job", "seed=3"], dict(os.environ)
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.setattr(sys, "path", [*sys.path])
    main()
    assert "seed: 3" in capsys.readouterr().out
    assert sys.argv is arguments
    assert dict(os.environ) == environment


VALUES = {
    "dataset.path": "/photos/日本",
    "trainer.checkpoints": "/a b/ü.png",
    "comparison.cache": "/one (1).png",
    "name": "it's",
    "tracking.folder": "C:\\photos\\x.npz",
    "tracking.experiment": "photos/*.png",
    "tracking.uri": "metrics.val/psnr > 20",
}


def test_values_need_no_quotes_beside_those_of_the_shell(aeexp):
    words = [f"{key}={value}" for key, value in VALUES.items()]
    ended = aeexp("train", "--cfg", "job", "dataset=arrays", *words)
    assert ended.code == 0, ended.err
    config = OmegaConf.create(ended.out)
    assert {key: OmegaConf.select(config, key) for key in VALUES} == VALUES


@pytest.mark.parametrize(
    ("arguments", "hints"),
    [
        (["trian"], ["trian", "'train'"]),
        (["train", "corruption=nois"], ["corruption=nois", "'noise'", "downscale"]),
        (["train", "dataset=mnits"], ["dataset=mnits", "'mnist'", "fashion_mnist"]),
        (["train", "experiment=denoise"], ["experiment=denoise", "'denoising'"]),
        (["train", "corupption=noise"], ["corupption", "'corruption'"]),
        (["train", "model.latentdim=3"], ["model.latentdim", "'model.latent_dim'"]),
        (["train", "corruption.noise.std=0.1"], ["corruption.noise is not chosen", "add corruption=noise"]),
        (["train", "corruption=noise", "corruption.noise.sdt=0.1"], ["corruption.noise.sdt", "'corruption.noise.std'"]),
        (["train", "-m", "model.latent_dim=2,8", "trainer.epoch=1"], ["trainer.epoch", "'trainer.epochs'"]),
        (["train", "seed=one"], ["seed=one", "whole number"]),
        (["train", "model.latent_dim=many"], ["latent_dim", "many"]),
        (["train", "trainer.epochs"], ["trainer.epochs", "key=value"]),
        (["train", "model.latent_dim=2", "corruption=[noise"], ["corruption=[noise", "brackets"]),
        (["train", "seed=choice(1,2"], ["seed=", "choice(1,2"]),
        (["train", "model=3"], ["model=3", "dense_ae"]),
        (["train", "model/bottleneck=gausian"], ["model/bottleneck=gausian", "'gaussian'"]),
        (["train", "model/nothing=3"], ["model/nothing", "no such key"]),
        (["train", "~optimizer.beta_9"], ["optimizer.beta_9", "does not exist"]),
        (["train", "-m", "seed=interval(0,1)"], ["seed=interval(0,1)", "can be listed"]),
        (["train", "-m", "seed=range(3,3)"], ["seed=range(3,3)", "at least"]),
        (["train", "-m", "hydra.verbose=true,false"], ["hydra.verbose=true,false", "not supported"]),
    ],
)
def test_mistakes_end_in_one_line_that_says_how_to_fix_them(aeexp, arguments, hints):
    ended = aeexp(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("error: ")
    assert ended.err.count("\n") == 1
    assert all(hint in ended.err for hint in hints), ended.err


def test_a_shell_sees_the_line_and_the_exit_code():
    done = run("train", "corruption=nois")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("error: corruption=nois: ")
