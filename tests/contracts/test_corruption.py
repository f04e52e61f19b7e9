"""What every corruption keeps to, over each yaml of its group."""

import math
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from omegaconf import DictConfig, OmegaConf

from aeexp.config.instantiate import instantiate_all
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.corruption import Corruption
from aeexp.errors import ConfigError
from tests.support.batches import SHAPES, clean, seeds

YAMLS = sorted((Path(__file__).parents[2] / "conf" / "corruption").glob("*.yaml"))
COUNT = 6


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def nodes(yaml) -> DictConfig:
    return OmegaConf.load(yaml)


@pytest.fixture
def corruption(nodes) -> Chain:
    return Chain(instantiate_all(nodes, "corruption", Corruption))


def test_yaml_names_its_file_and_every_field(yaml, corruption):
    assert set(corruption.links) == ({yaml.stem} - {"none"})
    for name, link in corruption.links.items():
        assert type(link).__module__ == f"aeexp.corruptions.{name}"
        assert set(OmegaConf.load(yaml)[name]) == {"_target_"} | {field.name for field in fields(link)}


@pytest.mark.parametrize("shape", SHAPES)
def test_gives_images_of_the_shape_it_said(corruption, shape):
    corrupted = corruption(clean(shape, COUNT), seeds(COUNT))
    assert corrupted.dtype == tf.float32
    assert corrupted.shape == (6, *corruption.output_shape(shape))
    assert 0.0 <= corrupted.numpy().min() <= corrupted.numpy().max() <= 1.0


@pytest.mark.parametrize("shape", [(7, 9, 1), (1, 1, 3)])
def test_takes_or_refuses_odd_sizes(corruption, shape):
    expected = shape_or_refusal(corruption, shape)
    if isinstance(expected, str):
        assert f"{shape[0]}×{shape[1]}" in expected
    else:
        assert corruption(clean(shape, COUNT), seeds(COUNT)).shape == (6, *expected)


def shape_or_refusal(corruption: Corruption, shape: tuple[int, ...]) -> tuple[int, ...] | str:
    try:
        return corruption.output_shape(shape)
    except ConfigError as error:
        return str(error)


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_stays_in_range_at_its_ends(corruption, level):
    corrupted = corruption(tf.fill([6, 28, 28, 1], level), seeds(COUNT)).numpy()
    assert 0.0 <= corrupted.min() <= corrupted.max() <= 1.0


def test_repeats_itself(corruption):
    images = clean((28, 28, 1), COUNT)
    np.testing.assert_array_equal(corruption(images, seeds(COUNT)), corruption(images, seeds(COUNT)))


def test_an_image_does_not_see_the_others(corruption):
    images = clean((28, 28, 1), COUNT)
    alone = corruption(images[4:5], seeds(COUNT)[4:5])
    np.testing.assert_allclose(alone[0], corruption(images, seeds(COUNT))[4], atol=1e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_is_the_same_in_a_graph_of_any_batch(corruption, shape):
    signature = [tf.TensorSpec([None, *shape]), tf.TensorSpec([None, 2], tf.uint32)]
    graph = tf.function(corruption.__call__, input_signature=signature)
    images = clean(shape, COUNT)
    np.testing.assert_allclose(graph(images, seeds(COUNT)), corruption(images, seeds(COUNT)), atol=1e-6)
    assert graph(images[:1], seeds(COUNT)[:1]).shape[1:] == corruption.output_shape(shape)


def test_strength_is_a_number_that_matters(corruption):
    images = clean((28, 28, 1), COUNT)
    for link in corruption.links.values():
        if link.strength is not None:
            other = replace(link, **{link.strength: getattr(link, link.strength) // 2 or 0.01})
            assert not np.allclose(other(images, seeds(COUNT)), link(images, seeds(COUNT)))


def test_bounds_of_the_strength_are_those_of_the_class(corruption):
    for name, (least, most) in corruption.bounds.items():
        assert least <= corruption.strengths[name] <= most
        for value in filter(math.isfinite, (least, most)):
            corruption.at_strength(name, value)
        for beyond in filter(math.isfinite, (least - 1, 2 * most)):
            with pytest.raises(ConfigError):
                corruption.at_strength(name, beyond)


def test_refuses_what_is_no_number(nodes):
    for name, node in nodes.items():
        for field in [key for key, value in node.items() if isinstance(value, float)]:
            changed = OmegaConf.merge(nodes, {name: {field: math.nan}})
            with pytest.raises(ConfigError, match=rf"corruption\.{name}: `{field}`.*{field}=nan"):
                instantiate_all(changed, "corruption", Corruption)
