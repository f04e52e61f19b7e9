"""What every optimizer keeps to, over each yaml of its group."""

from pathlib import Path

import keras
import numpy as np
import pytest
from hydra.utils import get_class
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.config.paths import CONF
from aeexp.training.fused_update import fuse
from aeexp.training.optimizer_settings import check_settings, with_floats

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


@pytest.mark.parametrize(
    "settings", [{"clipnorm": 0.5}, {"clipvalue": 0.1}, {"global_clipnorm": 1}, {"weight_decay": 0.1}], ids=str
)
def test_clips_and_decays_as_keras_does(yaml, settings):
    plain = dict(OmegaConf.load(yaml))
    theirs = get_class(plain.pop("_target_"))(**plain | {name: float(value) for name, value in settings.items()})
    node = OmegaConf.merge(OmegaConf.load(yaml), settings)
    check_settings(node)
    ours = fuse(instantiate(with_floats(node), "optimizer", keras.optimizers.Optimizer))
    trained = []
    for each in (ours, theirs):
        random = np.random.default_rng(0)
        weights = [keras.Variable(random.normal(size=shape), dtype="float32") for shape in [(3, 4), (5,)]]
        for _ in range(5):
            each.apply([keras.ops.convert_to_tensor(random.normal(size=w.shape), "float32") for w in weights], weights)
        trained.append([weight.numpy() for weight in weights])
    for one, other in zip(*trained, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [-3, -4, -12]),
        ({"clipnorm": 1.0}, [-0.6, -0.8, -1]),
        ({"clipvalue": 3.5}, [-3, -3.5, -3.5]),
        ({"global_clipnorm": 1.3}, [-0.3, -0.4, -1.2]),
        ({"weight_decay": 0.5}, [-3, -4, -12]),
    ],
)
def test_clipping_by_hand(settings, expected):
    """One step of gradient descent from 0 with rate 1 and the gradients (3, 4) and 12, whose norms are 5, 12 and 13."""
    weights = [keras.Variable([0.0, 0.0]), keras.Variable([0.0])]
    sgd = optimizer(CONF / "optimizer" / "sgd.yaml", learning_rate=1.0, **settings)
    sgd.apply([np.float32([3, 4]), np.float32([12])], weights)
    np.testing.assert_allclose(np.concatenate([weight.numpy() for weight in weights]), expected, rtol=1e-6)
