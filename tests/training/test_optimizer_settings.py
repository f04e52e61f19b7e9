"""Which settings of an optimizer are refused."""

import pytest
from omegaconf import OmegaConf

from aeexp.errors import ConfigError
from aeexp.training.optimizer_settings import check_settings

ADAM = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "clipnorm": None}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("learning_rate", value) for value in (0, -1, float("nan"), float("inf"), None, "fast", True)),
        *(("beta_1", value) for value in (-0.1, 1, None, [])),
        ("epsilon", 0),
        ("clipnorm", 0),
        ("clipvalue", -1),
        ("global_clipnorm", "big"),
        ("weight_decay", -1),
        ("rho", 1.5),
    ],
)
def test_refused(name, value):
    with pytest.raises(ConfigError, match=f"optimizer: `{name}` must be .* Received {name}="):
        check_settings(OmegaConf.create({**ADAM, name: value}))


@pytest.mark.parametrize(
    "settings", [{}, {"beta_1": 0}, {"clipnorm": 1}, {"weight_decay": None}, {"clipvalue": 2}, {"nesterov": True}]
)
def test_accepted(settings):
    check_settings(OmegaConf.create({**ADAM, **settings}))


def test_refuses_two_ways_of_clipping():
    with pytest.raises(ConfigError, match=r"in one way at most\. Received clipnorm=1 and global_clipnorm=2"):
        check_settings(OmegaConf.create({**ADAM, "clipnorm": 1, "global_clipnorm": 2}))


def test_refuses_adamw_without_decay():
    with pytest.raises(ConfigError, match="`weight_decay` of adamw must be 0 or more"):
        check_settings({"_target_": "keras.optimizers.AdamW", "weight_decay": None})
