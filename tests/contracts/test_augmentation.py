"""What every augmentation keeps to, over each yaml of its group."""

import math
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from omegaconf import DictConfig, OmegaConf

from aeexp.augmentations.augmentation import Augmentation
from aeexp.augmentations.chain import AugmentationChain
from aeexp.config.instantiate import instantiate_all
from aeexp.errors import ConfigError
from tests.support.batches import SHAPES, clean, seeds

YAMLS = sorted((Path(__file__).parents[2] / "conf" / "augmentation").glob("*.yaml"))
COUNT = 64


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def nodes(yaml) -> DictConfig:
    return OmegaConf.load(yaml)


@pytest.fixture
def augmentation(nodes) -> AugmentationChain:
    return AugmentationChain(instantiate_all(nodes, "augmentation", Augmentation))


def is_refused(augmentation: Augmentation, shape: tuple[int, ...]) -> bool:
    refusal = ""
    try:
        augmentation.check(shape)
    except ConfigError as error:
        refusal = str(error)
    assert f"{shape[0]}×{shape[1]}" in (refusal or f"{shape[0]}×{shape[1]}")
    return refusal != ""


def test_yaml_names_its_file_and_every_field(yaml, augmentation):
    assert set(augmentation.links) == ({yaml.stem} - {"none"})
    for name, link in augmentation.links.items():
        assert type(link).__module__ == f"aeexp.augmentations.{name}"
        assert set(OmegaConf.load(yaml)[name]) == {"_target_"} | {field.name for field in fields(link)}


@pytest.mark.parametrize("shape", [*SHAPES, (7, 9, 1), (3, 3, 1), (1, 1, 3)])
def test_keeps_shape_and_range_or_refuses(augmentation, shape):
    if not is_refused(augmentation, shape):
        augmented = augmentation(clean(shape, COUNT), seeds(COUNT))
        assert augmented.dtype == tf.float32
        assert augmented.shape == (COUNT, *shape)
        assert 0.0 <= augmented.numpy().min() <= augmented.numpy().max() <= 1.0


def test_the_same_seeds_give_the_same_draws_and_another_epoch_others(yaml, augmentation):
    images = clean((28, 28, 1), COUNT)
    once, again, anew = (augmentation(images, seeds(COUNT, epoch)).numpy() for epoch in (0, 0, 1))
    np.testing.assert_array_equal(once, again)
    assert np.array_equal(once, anew) == (yaml.stem == "none")


def test_equal_images_are_augmented_differently(yaml, augmentation):
    images = tf.repeat(clean((28, 28, 1), 1), COUNT, axis=0)
    different = np.unique(augmentation(images, seeds(COUNT)).numpy().reshape(COUNT, -1), axis=0)
    assert (len(different) > 1) == (yaml.stem != "none")


@pytest.mark.parametrize("shape", SHAPES)
def test_an_image_is_the_same_in_any_batch_order_and_graph(augmentation, shape):
    if is_refused(augmentation, shape):
        return
    images, chosen = clean(shape, COUNT), [7, 3, 40]
    whole = augmentation(images, seeds(COUNT)).numpy()
    signature = [tf.TensorSpec([None, *shape]), tf.TensorSpec([None, 2], tf.uint32)]
    graph = tf.function(augmentation.__call__, input_signature=signature)
    few = tf.gather(images, chosen), tf.gather(seeds(COUNT), chosen)
    np.testing.assert_allclose(augmentation(*few), whole[chosen], atol=1e-6)
    np.testing.assert_allclose(graph(*few), whole[chosen], atol=1e-6)


def test_black_and_white_stay_so_where_it_is_said(augmentation):
    images = tf.round(clean((28, 28, 1), COUNT))
    stays = set(np.unique(augmentation(images, seeds(COUNT)))) == {0.0, 1.0}
    assert stays == all(link.keeps_values for link in augmentation.links.values())


def test_refuses_what_is_no_number(nodes):
    for name, node in nodes.items():
        for field in [key for key, value in node.items() if isinstance(value, float)]:
            changed = OmegaConf.merge(nodes, {name: {field: math.nan}})
            with pytest.raises(ConfigError, match=rf"augmentation\.{name}: `{field}`.*{field}=nan"):
                instantiate_all(changed, "augmentation", Augmentation)
