"""What every learning rate schedule keeps to, over each yaml of its group."""

from dataclasses import fields
from pathlib import Path

import keras
import numpy as np
import pytest
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.config.paths import CONF
from aeexp.errors import ConfigError
from aeexp.training.learning_rate import LearningRate
from aeexp.training.schedules.schedule import Schedule

YAMLS = sorted(Path(CONF, "schedule").glob("*.yaml"))
EPOCHS, STEPS, BASE = 25, 4, 0.5


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


def schedule(yaml: Path, **changes: object) -> Schedule:
    return instantiate(OmegaConf.merge(OmegaConf.load(yaml), changes), "schedule", Schedule)


def rates(chosen: Schedule) -> np.ndarray:
    """Of all steps of a training whose monitored metric never improves, [epochs, steps]."""
    optimizer = keras.optimizers.SGD(BASE)
    rate = LearningRate.scheduled(optimizer, chosen, EPOCHS, STEPS)
    weight, found = keras.Variable([0.0]), []
    for epoch in range(EPOCHS):
        rate.begin_epoch([1.0] * epoch)
        for _ in range(STEPS):
            found.append(float(optimizer.learning_rate))
            optimizer.apply([np.float32([1.0])], [weight])
    return np.reshape(found, (EPOCHS, STEPS))


def test_yaml_names_its_file_and_every_field(yaml):
    built = schedule(yaml)
    assert type(built).__module__ == f"aeexp.training.schedules.{yaml.stem}"
    assert set(OmegaConf.load(yaml)) == {"_target_"} | {field.name for field in fields(built)}


def test_rates_are_finite_and_never_rise(yaml):
    found = rates(schedule(yaml)).ravel()
    assert found[0] <= BASE
    assert np.all(found > 0)
    assert np.all(np.diff(found) <= 0)


def test_rises_linearly_and_begins_after_the_warm_up(yaml):
    warm, cold = rates(schedule(yaml, warmup_epochs=2)), rates(schedule(yaml))
    np.testing.assert_allclose(warm[:2].ravel(), cold[0, 0] * np.arange(8) / 8, rtol=1e-6)
    assert warm[2, 0] == cold[0, 0]


def test_a_rate_that_changes_is_a_metric_of_each_epoch(yaml):
    constant, optimizer = yaml.stem == "constant", keras.optimizers.SGD(BASE)
    rate = LearningRate.scheduled(optimizer, schedule(yaml), EPOCHS, STEPS)
    optimizer.build([weight := keras.Variable([0.0])])
    assert [each.name for each in optimizer.variables].count("learning_rate") == constant
    optimizer.apply([np.float32([1.0])], [weight])
    assert rate.metrics() == ({} if constant else {"learning_rate": pytest.approx(-float(weight[0]))})


@pytest.mark.parametrize("count", [-1, EPOCHS])
def test_refuses_a_warm_up_that_does_not_fit(yaml, count):
    with pytest.raises(ConfigError, match=rf"`warmup_epochs` must be .* Received warmup_epochs={count}"):
        schedule(yaml, warmup_epochs=count).check(EPOCHS, BASE)
