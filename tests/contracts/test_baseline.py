"""What every baseline keeps to, over each yaml of its group."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from omegaconf import OmegaConf

from aeexp.baselines.baseline import Baseline, RestorationTask
from aeexp.config.instantiate import instantiate

YAMLS = [
    path for path in sorted((Path(__file__).parents[2] / "conf" / "baseline").glob("*.yaml")) if path.stem != "none"
]
CLEAN = np.random.default_rng(0).random((12, 12, 8, 3), np.float32)
INPUTS = {
    "plain": CLEAN,
    "same size": np.clip(CLEAN + np.random.default_rng(1).normal(0, 0.3, CLEAN.shape), 0, 1).astype(np.float32),
    "smaller": CLEAN.reshape(12, 6, 2, 4, 2, 3).mean((2, 4)),
}
TASKS = {
    name: RestorationTask(inputs.shape[1:], (12, 8, 3), corrupted=name != "plain", code_size=5)
    for name, inputs in INPUTS.items()
}


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def baseline(yaml) -> Baseline:
    return instantiate(OmegaConf.load(yaml)[yaml.stem], f"baseline.{yaml.stem}", Baseline)


@pytest.fixture(params=INPUTS)
def kind(request) -> str:
    return request.param


def restored(baseline: Baseline, kind: str) -> np.ndarray | None:
    suited = baseline.adapt(TASKS[kind])
    return suited and suited.fit(TASKS[kind], lambda count: (INPUTS[kind][:count], CLEAN[:count]))(INPUTS[kind])


def test_yaml_names_its_file_and_every_field(yaml, baseline):
    node = OmegaConf.load(yaml)
    assert list(node) == [yaml.stem]
    assert type(baseline).__module__ == f"aeexp.baselines.{yaml.stem}"
    assert set(node[yaml.stem]) == {"_target_"} | {field.name for field in fields(baseline)}


def test_suits_some_task_but_not_all(baseline):
    assert len({baseline.adapt(task) is None for task in TASKS.values()}) == 2


def test_restores_images_of_the_targets_shape_and_range(baseline, kind):
    images = restored(baseline, kind)
    if images is not None:
        assert images.shape == CLEAN.shape
        assert images.dtype == np.float32
        assert images.min() >= 0
        assert images.max() <= 1


def test_is_repeated_exactly(baseline, kind):
    first, again = restored(baseline, kind), restored(baseline, kind)
    np.testing.assert_array_equal(first, again)


def test_its_name_tells_its_fields(baseline):
    values = vars(baseline).values()
    assert all(str(value) in repr(baseline) for value in values)
