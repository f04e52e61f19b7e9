"""What every recipe of a published figure keeps to, over each yaml."""

from pathlib import Path

import pytest

from aeexp.config.options import option_files
from aeexp.config.paths import CONF
from aeexp.corruptions.chain import Chain
from aeexp.runs.checks import check_config
from aeexp.runs.factory import build_model, build_objective

RECIPES = {name: file for name, file in option_files("experiment").items() if name.startswith("published/")}
ROWS = (Path(__file__).parents[2] / "benchmarks" / "published_rows.py").read_text()


def test_there_are_recipes():
    assert set(RECIPES) == {f"published/{file.stem}" for file in Path(CONF, "experiment", "published").iterdir()}


@pytest.mark.parametrize("name", RECIPES)
def test_opens_with_its_command_and_its_expected_result(name):
    lines = RECIPES[name].read_text().splitlines()
    assert lines[:2] == ["# @package _global_", f"# aeexp train experiment={name}"]
    comment = [line for line in lines[2:] if line.startswith("# ")]
    assert any(line.startswith("# Expected: ") for line in comment)


@pytest.mark.parametrize("name", RECIPES)
def test_its_parts_fit_one_another(name, composed):
    config = composed(f"experiment={name}", "trainer.epochs=1000", "optimizer=adamw")
    check_config(config)
    build_objective(config.loss).check(build_model(config, Chain({}), (28, 28, 1)).output_names)


@pytest.mark.parametrize("name", RECIPES)
def test_has_a_row_of_the_table(name):
    assert f'{{RECIPES}}{name.removeprefix("published/")}"' in ROWS
