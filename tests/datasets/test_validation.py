"""Held-out validation images: their number, their classes, their folds, and what is refused."""

import numpy as np
import pytest

from aeexp.datasets.arrays import Arrays
from aeexp.datasets.folder import Folder
from aeexp.datasets.mnist import Mnist
from aeexp.datasets.validation import ValidationSplit
from aeexp.errors import ConfigError
from tests.support.genuine_files import pictures, write_pictures

LABELS = np.repeat([0, 1, 2], [50, 30, 20])
NAMES = ("a", "b", "c")


@pytest.mark.parametrize(("validation", "counts"), [(None, [5, 3, 2]), (0.2, [10, 6, 4]), (1, [1, 0, 0])])
def test_number_and_fraction(validation, counts):
    train, held = ValidationSplit(validation).hold_out(100, LABELS, NAMES)
    assert np.bincount(LABELS[held], minlength=3).tolist() == counts
    np.testing.assert_array_equal(np.sort(np.concatenate([train, held])), np.arange(100))
    assert (np.diff(train) > 0).all()


def test_without_classes_it_is_drawn_from_all():
    train, held = ValidationSplit(0.25).hold_out(8, None, ())
    assert (len(train), len(held)) == (6, 2)


def test_folds_hold_out_each_image_once_with_equal_classes():
    folds = [ValidationSplit(folds=5, fold=fold).hold_out(100, LABELS, NAMES) for fold in range(5)]
    np.testing.assert_array_equal(np.sort(np.concatenate([held for _, held in folds])), np.arange(100))
    for train, held in folds:
        assert np.bincount(LABELS[held]).tolist() == [10, 6, 4]
        assert not set(train) & set(held)


def test_folds_have_equal_sizes_where_classes_do_not_divide():
    labels = np.repeat(np.arange(5), 3)
    sizes = [len(ValidationSplit(folds=5, fold=fold).hold_out(15, labels, "abcde")[1]) for fold in range(5)]
    assert sizes == [3] * 5


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"validation": 0}, "whole number of images from 1, or a fraction between 0 and 1. Received validation=0;"),
        ({"validation": -0.1}, "Received validation=-0.1"),
        ({"validation": 1.5}, "Received validation=1.5"),
        ({"validation": float("nan")}, "Received validation=nan"),
        ({"validation": True}, "Received validation=True"),
        ({"validation": "tset"}, "Received validation=tset. Did you mean 'test'?"),
        ({"folds": 1}, "must be at least 2, and fold from 0 to folds - 1. Received folds=1 and fold=0"),
        ({"folds": 5, "fold": 5}, "Received folds=5 and fold=5"),
        ({"folds": 5, "fold": -1}, "Received folds=5 and fold=-1"),
        ({"fold": 1}, "needs split.folds, such as folds=5. Received fold=1 alone"),
        ({"folds": 5, "validation": "test"}, "Received folds=5 and validation=test; leave one of them out"),
        ({"seed": -1}, "must be at least 0. Received seed=-1"),
    ],
)
def test_what_cannot_be_is_refused(settings, message):
    with pytest.raises(ConfigError) as caught:
        ValidationSplit(**settings)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "count", "labels", "message"),
    [
        (
            {"validation": 51},
            100,
            None,
            "there are 100 training images. Received validation=51, more than",
        ),
        ({"validation": 0.6}, 100, LABELS, "Received validation=0.6"),
        ({}, 1, None, "1 training image cannot be divided"),
        ({}, 4, np.array([0, 0, 0, 1]), "class b has a single training image"),
        ({"folds": 5}, 4, None, "4 training images cannot be divided into 5 folds"),
    ],
)
def test_what_the_images_do_not_allow_is_refused(settings, count, labels, message):
    with pytest.raises(ConfigError) as caught:
        ValidationSplit(**settings).hold_out(count, labels, NAMES)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("classes", "message"),
    [([10], "the classes are 0, 1, 2"), (["cat"], "Received cat"), ([True], "Received True")],
)
def test_unknown_classes_are_refused(classes, message):
    with pytest.raises(ConfigError) as caught:
        Mnist(limit=None, classes=classes).load("train")
    assert message in str(caught.value)
    with pytest.raises(ConfigError, match="must name one class at least"):
        Mnist(limit=None, test_classes=[])


def test_classes_need_labels(tmp_path):
    np.save(tmp_path / "images.npy", pictures(8, 5, 4))
    data = Arrays(path=str(tmp_path / "images.npy"), test_path=None, test_fraction=0.5, seed=0, limit=None, classes=[1])
    with pytest.raises(ConfigError, match="the images have no classes"):
        data.load("train")


@pytest.mark.parametrize("name", ["val", "Validation", "valid"])
def test_a_folder_brings_its_own(tmp_path, name, caplog):
    for place, (part, many) in enumerate((("train", 6), (name, 3), ("test", 4))):
        write_pictures(tmp_path / part, many, seed=place)
    (tmp_path / "train" / "copy.png").symlink_to(tmp_path / name / "1.png")
    settings = {"path": str(tmp_path), "image_shape": [6, 5, 3], "test_fraction": 0.1, "seed": 0, "max_pixels": 10_000}
    splits = Folder(**settings, limit=None).splits()
    assert {split: len(images) for split, images in splits.items()} == {"train": 6, "validation": 3, "test": 4}
    assert "1 training images are those of another split" in caplog.text
    held = Folder(**settings, limit=None, split=ValidationSplit(2)).splits()
    assert {split: len(images) for split, images in held.items()} == {"train": 4, "validation": 2, "test": 4}


def test_arrays_bring_their_own(tmp_path):
    images = pictures(12, 5, 4)
    np.savez(tmp_path / "own.npz", x_train=images[:6], x_val=images[6:9], x_test=images[9:])
    data = Arrays(path=str(tmp_path / "own.npz"), test_path=None, test_fraction=0.5, seed=0, limit=None)
    np.testing.assert_array_equal(data.load("validation").images, images[6:9, ..., np.newaxis])
    np.testing.assert_array_equal(data.load("train").images, images[:6, ..., np.newaxis])
