"""The keys that completion knows are those that Hydra composes."""

import pytest

from aeexp.cli.completion.composition import Composition
from aeexp.cli.completion.config_files import ConfigFiles
from aeexp.cli.main import COMMANDS
from aeexp.config.known_names import known_keys
from aeexp.config.options import options

CHOSEN = [
    *(f"experiment={name}" for name in options("experiment")),
    *(f"model={name}" for name in options("model")),
    "corruption=[downscale,noise]",
    "model/bottleneck=gaussian",
    "dataset=folder",
    "model=conv_vae loss=mse",
    "experiment=vae model=unet",
    "launch=parallel",
    "tracking=memory",
    "report=none",
]


def leaves(keys: list[str]) -> set[str]:
    """Keys without those that others lie below, and without the names of classes."""
    above = {key.rpartition(".")[0] for key in keys}
    return {key for key in keys if key not in above and not key.endswith("_target_")}


@pytest.mark.parametrize("command", COMMANDS)
def test_keys_of_each_command(command):
    keys = set(Composition.of(ConfigFiles.of([]), command, []).values)
    if command in ("evaluate", "encode"):  # have those of each data set and corruption as well
        assert keys >= leaves(known_keys(command)) - {"dataset", "corruption", "metric"}
    else:
        assert keys == leaves(known_keys(command)) - {"metric", *known_empty(command)}


def known_empty(command: str) -> set[str]:
    """Groups of which no option with a key is chosen."""
    empty = {"corruption", "augmentation", "callback"} | ({"sampler"} if command == "sample" else set())
    return {key for key in known_keys(command) if key in empty}


@pytest.mark.parametrize("line", CHOSEN)
def test_keys_of_each_choice(line):
    words = line.split()
    keys = set(Composition.of(ConfigFiles.of([]), "train", words).values)
    assert keys == leaves(known_keys("train", *words)) - known_empty("train")
