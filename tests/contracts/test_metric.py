"""What every metric keeps to, over each yaml of its group."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.config.paths import CONF
from aeexp.metrics.metric import Metric

YAMLS = sorted(Path(CONF, "metric").glob("*.yaml"))
CLEAN = tf.random.stateless_uniform((4, 14, 12, 3), [0, 0])
NOISE = tf.random.stateless_normal(CLEAN.shape, [1, 1])


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def metric(yaml) -> Metric:
    return instantiate(OmegaConf.load(yaml)[yaml.stem], f"metric.{yaml.stem}", Metric)


def damaged(strength: float) -> tf.Tensor:
    return tf.clip_by_value(CLEAN + strength * NOISE, 0.0, 1.0)


def test_yaml_names_its_file_and_every_field(yaml, metric):
    node = OmegaConf.load(yaml)
    assert list(node) == [yaml.stem]
    assert type(metric).__module__ == f"aeexp.metrics.{yaml.stem}"
    assert set(node[yaml.stem]) == {"_target_"} | {field.name for field in fields(metric)}


def test_gives_one_value_per_image_within_its_range(metric):
    low, high = metric.range
    for strength in (0.0, 0.1, 10.0):
        values = metric(CLEAN, damaged(strength)).numpy()
        assert values.dtype == np.float32
        assert values.shape == (4,)
        assert (values >= low - 1e-5).all()
        assert (values <= high + 1e-5).all()


def test_knows_which_direction_is_better(metric):
    near, far = (float(tf.reduce_mean(metric(CLEAN, damaged(strength)))) for strength in (0.05, 0.3))
    assert (near > far) is metric.higher_is_better


def test_no_image_depends_on_its_batch(metric):
    np.testing.assert_allclose(metric(CLEAN, damaged(0.1))[1], metric(CLEAN[1:2], damaged(0.1)[1:2])[0], rtol=1e-5)


def test_is_the_same_in_a_graph(metric):
    compiled = tf.function(metric.__call__)(CLEAN, damaged(0.1))
    np.testing.assert_allclose(compiled, metric(CLEAN, damaged(0.1)), rtol=1e-4)
