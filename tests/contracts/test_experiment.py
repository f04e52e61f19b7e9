"""What every recipe keeps to, over each yaml of its group."""

import re
from functools import cache
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig, OmegaConf

from aeexp.config.instantiate import instantiate_all
from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.corruption import Corruption
from aeexp.losses.loss import Loss
from aeexp.losses.objective import Objective
from aeexp.runs.factory import build_model

TABLE = Path(__file__).parents[2] / "docs" / "lecture.md"
YAMLS = sorted(Path(CONF, "experiment").glob("*.yaml"))
WITHOUT_A_NUMBER = {"denoising_resampled", "photo_denoising"}
"""Recipes whose expected result is a comparison."""


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@cache
def composed(name: str, *overrides: str) -> DictConfig:
    register_schemas()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose("train", [f"experiment={name}", *overrides])


def test_opens_with_its_command_and_its_expected_result(yaml):
    lines = yaml.read_text().splitlines()
    assert lines[0] == "# @package _global_"
    assert lines[1].startswith(f"# aeexp train experiment={yaml.stem}")
    assert any(line.startswith("# Expected: ") for line in lines[2:4])


def test_expects_what_the_table_of_the_lecture_says(yaml):
    rows = [row for row in TABLE.read_text().splitlines() if f"`experiment={yaml.stem}" in row and row[0] == "|"]
    ours = [cell for row in rows for cell in row.split("|")[6:8]]  # the measure, and PSNR
    measured = [float(number) for cell in ours for number in re.findall(r"\d+\.\d+", cell)]
    promised = [float(number) for number in re.findall(r"about (\d+\.?\d*)", yaml.read_text())]
    assert bool(promised) == (yaml.stem not in WITHOUT_A_NUMBER)
    for expected in promised:
        assert any(number == pytest.approx(expected, rel=0.005) for number in measured), expected


def test_denoising_resampled_is_denoising_with_fresh_noise_each_epoch():
    once, anew = (flattened(composed(name)) for name in ("denoising", "denoising_resampled"))
    differing = {key: (once.get(key), anew.get(key)) for key in once | anew if once.get(key) != anew.get(key)}
    assert differing == {"trainer.resample": ("once", "epoch")}


def flattened(config: DictConfig, path: str = "") -> dict[str, object]:
    """The values of a config by their full names."""
    values: dict[str, object] = {}
    for key in config:
        name = f"{path}{key}"
        node = None if OmegaConf.is_missing(config, key) else config[key]
        values |= flattened(node, f"{name}.") if isinstance(node, DictConfig) else {name: node}
    return values


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3)])
def test_its_parts_fit_one_another_and_other_images(yaml, shape):
    config = composed(yaml.stem, "dataset=fashion_mnist")
    corruption = Chain(instantiate_all(config.corruption, "corruption", Corruption))
    objective = Objective(instantiate_all(config.loss, "loss", Loss))
    objective.check(build_model(config, corruption, shape).output_names)


def test_gives_way_to_the_command_line(yaml):
    config = composed(yaml.stem, "trainer.epochs=3", "optimizer=adamw", "loss=mae")
    assert (config.trainer.epochs, list(config.loss)) == (3, ["mae"])
    assert config.optimizer["_target_"] == "keras.optimizers.AdamW"
