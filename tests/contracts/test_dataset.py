"""What every data set keeps to, over each yaml of its group."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from omegaconf import DictConfig, OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.datasets.dataset import Dataset, LabelledImages
from aeexp.datasets.validation import ValidationSplit
from aeexp.errors import ConfigError
from tests.support.genuine_files import pictures, write_cifar10, write_fashion_mnist, write_pictures

SPLITS = ("train", "validation", "test")
YAMLS = sorted((Path(__file__).parents[2] / "conf" / "dataset").glob("*.yaml"))


def arrays(folder: Path) -> dict[str, Any]:
    folder.mkdir()
    np.savez(folder / "mine.npz", images=pictures(20, 5, 6), labels=np.arange(20) % 3)
    return {"path": str(folder / "mine.npz"), "test_fraction": 0.5}


def cifar10(folder: Path) -> dict[str, Any]:
    write_cifar10(folder)
    return {"folder": str(folder)}


def fashion_mnist(folder: Path) -> dict[str, Any]:
    write_fashion_mnist(folder)
    return {"folder": str(folder)}


def own_pictures(path: Path) -> dict[str, Any]:
    write_pictures(path / "cat", 6)
    write_pictures(path / "dog", 6, seed=1)
    return {"path": str(path), "image_shape": [8, 8, 3], "test_fraction": 0.5}


def shapes(folder: Path) -> dict[str, Any]:
    return {"train_size": 20, "test_size": 10}


SMALL = {"arrays": arrays, "cifar10": cifar10, "fashion_mnist": fashion_mnist, "folder": own_pictures, "shapes": shapes}
"""For data sets without their data, or with more than a test needs: writes small files and gives the fields to set."""


def fields_of(yaml: Path) -> DictConfig:
    """What the option sets."""
    node = OmegaConf.load(yaml)
    assert node.pop("defaults") == [{"split": "default"}]
    return OmegaConf.merge({"split": OmegaConf.load(yaml.parent / "split" / "default.yaml")}, node)


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def node(yaml, tmp_path, monkeypatch) -> DictConfig:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    small = SMALL.get(yaml.stem, lambda folder: {})
    return OmegaConf.merge(fields_of(yaml), small(tmp_path / "data"))


@pytest.fixture
def dataset(node) -> Dataset:
    return instantiate(node, "dataset", Dataset)


def test_yaml_names_its_file_and_every_field(yaml, dataset):
    assert type(dataset).__module__ == f"aeexp.datasets.{yaml.stem}"
    assert set(fields_of(yaml)) == {"_target_"} | {field.name for field in fields(dataset)}
    assert fields_of(yaml).limit is None
    assert dataset.split == ValidationSplit()


def test_images_of_all_splits(dataset):
    train, validation, test = (each.images for each in dataset.splits().values())
    for images in (train, validation, test):
        assert images.dtype == np.uint8
        assert images.flags.c_contiguous
        assert images.shape[1:] == train.shape[1:]
        assert images.shape[3] in (1, 3)
        assert images.max() > images.min()
    assert not np.array_equal(train[: len(test)], test[: len(train)])


@pytest.mark.parametrize("split", SPLITS)
def test_labels_are_places_in_class_names(dataset, split):
    data = dataset.load(split)
    if data.labels is None:
        assert dataset.class_names == ()
    else:
        assert data.labels.dtype == np.int64
        assert data.labels.shape == data.images.shape[:1]
        assert 0 <= data.labels.min() <= data.labels.max() < len(dataset.class_names)


@pytest.mark.parametrize("split", SPLITS)
def test_limit_takes_the_first(node, dataset, split):
    limited = instantiate(OmegaConf.merge(node, {"limit": 2}), "dataset", Dataset).load(split)
    whole = dataset.load(split)
    assert len(limited.images) == min(2, len(whole.images))
    np.testing.assert_array_equal(limited.images, whole.images[:2])
    if whole.labels is not None:
        np.testing.assert_array_equal(limited.labels, whole.labels[:2])


@pytest.mark.parametrize("limit", [0, -1])
def test_refuses_an_empty_limit(node, limit):
    with pytest.raises(ConfigError, match="dataset: `limit` must be at least 1"):
        instantiate(OmegaConf.merge(node, {"limit": limit}), "dataset", Dataset)


def images_and_labels(data: LabelledImages) -> list[tuple[bytes, int]]:
    labels = np.zeros(len(data), int) if data.labels is None else data.labels
    return [(image.tobytes(), label) for image, label in zip(data.images, labels, strict=True)]


def test_a_tenth_of_the_training_images_is_held_out_in_equal_shares_of_the_classes(node, dataset):
    published = OmegaConf.merge(node, {"split": {"validation": "test"}})
    every = instantiate(published, "dataset", Dataset).load("train")
    train, validation = dataset.load("train"), dataset.load("validation")
    assert sorted(images_and_labels(train) + images_and_labels(validation)) == sorted(images_and_labels(every))
    assert len(validation) == max(1, round(len(every) / 10))
    shares = np.bincount(every.labels) / 10
    assert np.abs(np.bincount(validation.labels, minlength=len(shares)) - shares).max() < 1


def test_a_split_is_the_same_each_time_and_its_seed_decides(node, dataset):
    other = instantiate(OmegaConf.merge(node, {"split": {"seed": 1}}), "dataset", Dataset)
    first, again = (instantiate(node, "dataset", Dataset).splits()["validation"] for _ in range(2))
    np.testing.assert_array_equal(first.images, again.images)
    if len(dataset.load("train")) > 9:
        assert not np.array_equal(first.images, other.load("validation").images)


def test_where_validation_is_test_all_is_as_published(node):
    published = instantiate(OmegaConf.merge(node, {"split": {"validation": "test"}}), "dataset", Dataset)
    splits = published.splits()
    assert set(splits) == {"train", "test"}
    np.testing.assert_array_equal(published.load("validation").images, splits["test"].images)


def test_classes_choose_what_is_trained_on_and_test_classes_what_is_tested(node, dataset):
    name = dataset.class_names[0]
    chosen = instantiate(OmegaConf.merge(node, {"classes": [name]}), "dataset", Dataset).splits()
    assert set(chosen["train"].labels) == set(chosen["validation"].labels) == {0}
    np.testing.assert_array_equal(chosen["test"].images, dataset.load("test").images)
    tested = instantiate(OmegaConf.merge(node, {"test_classes": [1]}), "dataset", Dataset)
    assert set(tested.load("test").labels) == {1}
    np.testing.assert_array_equal(tested.load("train").images, dataset.load("train").images)
