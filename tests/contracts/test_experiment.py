"""What every recipe keeps to, over each yaml of its group."""

import re
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from aeexp.config.instantiate import instantiate_all
from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.corruption import Corruption
from aeexp.losses.loss import Loss
from aeexp.losses.objective import Objective
from aeexp.runs.factory import build_model

README = Path(__file__).parents[2] / "README.md"
YAMLS = sorted(Path(CONF, "experiment").glob("*.yaml"))


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


def composed(yaml: Path, *overrides: str) -> DictConfig:
    register_schemas()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose("train", [f"experiment={yaml.stem}", *overrides])


def test_opens_with_its_command_and_its_expected_result(yaml):
    lines = yaml.read_text().splitlines()
    assert lines[0] == "# @package _global_"
    assert lines[1].startswith(f"# aeexp train experiment={yaml.stem}")
    assert any(line.startswith("# Expected: ") for line in lines[2:4])


def test_expects_what_the_table_of_the_readme_says(yaml):
    rows = [row for row in README.read_text().splitlines() if f"`experiment={yaml.stem}" in row and row[0] == "|"]
    ours = [cell for row in rows for cell in row.split("|")[6:8]]  # the measure, and PSNR
    measured = [float(number) for cell in ours for number in re.findall(r"\d+\.\d+", cell)]
    for expected in re.findall(r"about (\d+\.?\d*)", yaml.read_text()) if rows else ():
        assert any(number == pytest.approx(float(expected), rel=0.005) for number in measured), expected


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3)])
def test_its_parts_fit_one_another_and_other_images(yaml, shape):
    config = composed(yaml, "dataset=fashion_mnist")
    corruption = Chain(instantiate_all(config.corruption, "corruption", Corruption))
    objective = Objective(instantiate_all(config.loss, "loss", Loss))
    objective.check(build_model(config, corruption, shape).output_names)


def test_gives_way_to_the_command_line(yaml):
    config = composed(yaml, "trainer.epochs=3", "optimizer=adamw", "loss=mae")
    assert (config.trainer.epochs, list(config.loss)) == (3, ["mae"])
    assert config.optimizer["_target_"] == "keras.optimizers.AdamW"
