"""What every data set keeps to, over each yaml of its group."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from omegaconf import DictConfig, OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.datasets.dataset import Dataset
from aeexp.errors import ConfigError
from tests.support.genuine_files import pictures, write_cifar10, write_fashion_mnist, write_pictures

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


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def node(yaml, tmp_path, monkeypatch) -> DictConfig:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    small = SMALL.get(yaml.stem, lambda folder: {})
    return OmegaConf.merge(OmegaConf.load(yaml), small(tmp_path / "data"))


@pytest.fixture
def dataset(node) -> Dataset:
    return instantiate(node, "dataset", Dataset)


def test_yaml_names_its_file_and_every_field(yaml, dataset):
    assert type(dataset).__module__ == f"aeexp.datasets.{yaml.stem}"
    assert set(OmegaConf.load(yaml)) == {"_target_"} | {field.name for field in fields(dataset)}
    assert OmegaConf.load(yaml).limit is None


def test_images_of_both_splits(dataset):
    train, test = dataset.load("train").images, dataset.load("test").images
    for images in (train, test):
        assert images.dtype == np.uint8
        assert images.flags.c_contiguous
        assert images.shape[1:] == train.shape[1:]
        assert images.shape[3] in (1, 3)
        assert images.max() > images.min()
    assert not np.array_equal(train[: len(test)], test[: len(train)])


@pytest.mark.parametrize("split", ["train", "test"])
def test_labels_are_places_in_class_names(dataset, split):
    data = dataset.load(split)
    if data.labels is None:
        assert dataset.class_names == ()
    else:
        assert data.labels.dtype == np.int64
        assert data.labels.shape == data.images.shape[:1]
        assert 0 <= data.labels.min() <= data.labels.max() < len(dataset.class_names)


@pytest.mark.parametrize("split", ["train", "test"])
def test_limit_takes_the_first(node, dataset, split):
    limited = instantiate(OmegaConf.merge(node, {"limit": 2}), "dataset", Dataset).load(split)
    whole = dataset.load(split)
    assert len(limited.images) == 2
    np.testing.assert_array_equal(limited.images, whole.images[:2])
    if whole.labels is not None:
        np.testing.assert_array_equal(limited.labels, whole.labels[:2])


@pytest.mark.parametrize("limit", [0, -1])
def test_refuses_an_empty_limit(node, limit):
    with pytest.raises(ConfigError, match="dataset: `limit` must be at least 1"):
        instantiate(OmegaConf.merge(node, {"limit": limit}), "dataset", Dataset)
