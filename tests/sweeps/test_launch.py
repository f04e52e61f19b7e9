"""The group `launch`."""

from pathlib import Path

import pytest
from hydra.errors import MissingConfigException
from omegaconf import OmegaConf

from aeexp.config.error_messages import LAUNCHERS, explain

YAMLS = sorted((Path(__file__).parents[2] / "conf" / "launch").glob("*.yaml"))


@pytest.mark.parametrize("yaml", YAMLS, ids=lambda path: path.stem)
def test_says_how_many_jobs_and_threads(yaml):
    config = OmegaConf.load(yaml)
    assert {"jobs", "threads"} <= set(config.launch)
    assert "override /hydra/launcher" in config.defaults[0]


@pytest.mark.parametrize("launch", ["sequential", "parallel"])
def test_is_composed_without_extras(aeexp, launch):
    ended = aeexp("train", "--cfg", "hydra", f"launch={launch}")
    assert ended.code == 0, ended.err


@pytest.mark.parametrize(("launcher", "extra"), LAUNCHERS.items())
def test_a_missing_extra_is_named(launcher, extra):
    error = MissingConfigException("Could not find it", f"hydra/launcher/{launcher}", ["basic"])
    assert f"pip install 'aeexp[{extra}]'" in explain(error, "train", [])
