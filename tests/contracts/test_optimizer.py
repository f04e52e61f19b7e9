"""What every optimizer keeps to, over each yaml of its group."""

from pathlib import Path

import keras
import numpy as np
import pytest
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate

YAMLS = sorted((Path(__file__).parents[2] / "conf" / "optimizer").glob("*.yaml"))


def optimizer(yaml: Path, **fields: float) -> keras.optimizers.Optimizer:
    return instantiate(OmegaConf.merge(OmegaConf.load(yaml), fields), "optimizer", keras.optimizers.Optimizer)


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


def test_yaml_names_its_class_and_real_settings(yaml):
    settings = dict(OmegaConf.load(yaml))
    built = optimizer(yaml)
    assert settings.pop("_target_").rpartition(".")[2].lower() == yaml.stem
    assert {name: built.get_config()[name] for name in settings} == pytest.approx(settings)


def test_goes_downhill(yaml):
    place = keras.Variable([3.0])
    steepest = optimizer(yaml, learning_rate=0.1)
    for _ in range(20):
        steepest.apply([2 * place.value], [place])
    assert abs(place.numpy()[0]) < 3


def test_the_learning_rate_can_be_set(yaml):
    moves = []
    for rate in (0.01, 0.02):
        place = keras.Variable([3.0])
        optimizer(yaml, learning_rate=rate).apply([np.float32([1.0])], [place])
        moves.append(3 - place.numpy()[0])
    assert moves[1] == pytest.approx(2 * moves[0], rel=0.01)
