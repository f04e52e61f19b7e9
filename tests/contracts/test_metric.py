"""What every metric keeps to, over each yaml of its group."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.config.paths import CONF
from aeexp.metrics.metric import CODES, COUNTS, FACTORS, LABELS, Metric, measure_split
from tests.support.lpips_weights import write_weights

YAMLS = sorted(Path(CONF, "metric").glob("*.yaml"))
CLEAN = tf.random.stateless_uniform((4, 18, 16, 3), [0, 0])
NOISE = tf.random.stateless_normal(CLEAN.shape, [1, 1])


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


def built(path: Path, **settings: str) -> Metric:
    node = OmegaConf.merge(OmegaConf.load(path)[path.stem], settings)
    return instantiate(node, f"metric.{path.stem}", Metric)


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> str:
    return str(write_weights(tmp_path_factory.mktemp("weights") / "lpips.npz"))


@pytest.fixture
def metric(yaml, weights) -> Metric:
    return built(yaml, weights=weights) if yaml.stem == "lpips" else built(yaml)


OF_IMAGES = [path for path in YAMLS if built(path).is_of_images]
OF_SPLITS = [path for path in YAMLS if built(path).is_of_split]
of_images = pytest.mark.parametrize("yaml", OF_IMAGES, ids=lambda path: path.stem)
of_splits = pytest.mark.parametrize("yaml", OF_SPLITS, ids=lambda path: path.stem)


def damaged(strength: float) -> tf.Tensor:
    return tf.clip_by_value(CLEAN + strength * NOISE, 0.0, 1.0)


def test_yaml_names_its_file_and_every_field(yaml, metric):
    node = OmegaConf.load(yaml)
    assert list(node) == [yaml.stem]
    assert type(metric).__module__ == f"aeexp.metrics.{yaml.stem}"
    assert set(node[yaml.stem]) == {"_target_"} | {field.name for field in fields(metric)}


@of_images
def test_gives_one_value_per_image_within_its_range(metric):
    low, high = metric.range
    for strength in (0.0, 0.1, 10.0):
        values = metric(CLEAN, damaged(strength)).numpy()
        assert values.dtype == np.float32
        assert values.shape == (4,)
        assert (values >= low - 1e-5).all()
        assert (values <= high + 1e-5).all()


@of_images
def test_knows_which_direction_is_better(metric):
    near, far = (float(tf.reduce_mean(metric(CLEAN, damaged(strength)))) for strength in (0.05, 0.3))
    assert (near > far) is metric.higher_is_better


@of_images
def test_no_image_depends_on_its_batch(metric):
    np.testing.assert_allclose(metric(CLEAN, damaged(0.1))[1], metric(CLEAN[1:2], damaged(0.1)[1:2])[0], rtol=1e-5)


@of_images
def test_is_the_same_in_a_graph(metric):
    compiled = tf.function(metric.__call__)(CLEAN, damaged(0.1))
    np.testing.assert_allclose(compiled, metric(CLEAN, damaged(0.1)), rtol=1e-4)


def arrays(seed: int, told: float) -> dict[str, np.ndarray]:
    """Codes, labels, factors and entries of 60 images, of which the codes tell the factors so far."""
    random = np.random.default_rng(seed)
    factors = random.random((60, 2)).astype(np.float32)
    labels = np.int64(3 * factors[:, 0])
    noise = random.random((60, 2))
    codes = np.float32(told * factors + (1 - told) * noise)
    counts = np.stack([np.bincount(np.int64(5 * each), minlength=7) for each in codes.T])
    return {CODES: codes, LABELS: labels, FACTORS: factors, COUNTS: counts}


@of_splits
def test_gives_one_number_of_a_split_within_its_range_and_repeats_it(metric):
    low, high = metric.range
    for told in (0.0, 0.7, 1.0):
        (value,) = measure_split({"it": metric}, arrays(0, told)).values()
        assert low <= value <= high
        assert measure_split({"it": metric}, arrays(0, told)) == {"it": value}


@of_splits
def test_of_codes_that_are_not_finite_there_is_no_number(metric):
    given = arrays(0, 1.0)
    given[CODES][3, 1] = np.inf
    assert np.isnan(measure_split({"it": metric}, given)["it"])


@of_splits
def test_order_of_the_images_does_not_matter(metric):
    given = arrays(1, 0.7)
    order = np.random.default_rng(2).permutation(60)
    turned = {name: values if name == COUNTS else values[order] for name, values in given.items()}
    assert measure_split({"it": metric}, turned) == pytest.approx(measure_split({"it": metric}, given))
