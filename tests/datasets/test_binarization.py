"""Binary images: their distribution, that they stay the same, and what is refused."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.datasets.arrays import Arrays
from aeexp.datasets.binarization import KINDS, binarized
from aeexp.datasets.cifar10 import Cifar10
from aeexp.datasets.mnist import Mnist
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.datasets.shapes import Shapes
from aeexp.datasets.validation import ValidationSplit
from aeexp.errors import ConfigError
from aeexp.metrics.bce import Bce

GRAYS = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
COUNT = 4000


def mnist(binarization: str, **fields) -> np.ndarray:
    return Mnist(**{"limit": 200, "binarization": binarization, **fields}).load("test").images


def shares(kind: str) -> np.ndarray:
    """How often each gray value from 0 to 255 becomes white."""
    images = np.repeat(GRAYS, COUNT, axis=0)
    if kind == "static":
        return binarized(images, "static", "train", np.arange(COUNT)).mean(axis=0).ravel() / 255
    pairs = CorruptedPairs(tf.constant(images), Chain({}), 0, binarize=True)
    return pairs.batch(tf.range(COUNT), 0, 0).clean.numpy().mean(axis=0).ravel()


@pytest.mark.parametrize("kind", ["static", "dynamic"])
def test_the_mean_over_images_is_the_gray_value_within_its_standard_error(kind):
    expected = np.arange(256) / 255
    errors = (shares(kind) - expected)[1:-1] / np.sqrt(expected * (1 - expected) / COUNT)[1:-1]
    assert np.abs(errors).max() < 4.5
    assert errors.std() == pytest.approx(1, abs=0.15)
    assert (shares(kind)[0], shares(kind)[-1]) == (0, 1)


def test_the_threshold_is_one_half():
    images = binarized(GRAYS, "threshold", "train", np.arange(1)).ravel()
    np.testing.assert_array_equal(images, np.where(np.arange(256) / 255 >= 0.5, 255, 0))


@pytest.mark.parametrize("kind", ["threshold", "static"])
def test_loaded_images_are_black_and_white(kind):
    images = mnist(kind)
    assert images.dtype == np.uint8
    assert set(np.unique(images)) == {0, 255}


@pytest.mark.parametrize("kind", ["none", "dynamic"])
def test_what_is_not_binary_when_loaded_is_as_published(kind):
    np.testing.assert_array_equal(mnist(kind), Mnist(limit=200).load("test").images)


def test_a_static_image_is_the_same_in_every_split_limit_and_choice_of_classes():
    def images(part: str, **fields) -> np.ndarray:
        sizes = {"train_size": 100, "test_size": 100, "image_shape": [9, 9, 1], "seed": 0}
        return Shapes(**sizes, binarization="static", **fields).load(part).images

    def all_training(seed: int) -> list[bytes]:
        split = ValidationSplit(30, seed=seed)
        parts = (images(part, limit=None, split=split) for part in ("train", "validation"))
        return sorted(image.tobytes() for part in parts for image in part)

    assert all_training(0) == all_training(1)
    test = images("test", limit=None)
    np.testing.assert_array_equal(images("test", limit=20), test[:20])
    labels = Shapes(limit=None, image_shape=[9, 9, 1], train_size=100, test_size=100, seed=0).load("test").labels
    np.testing.assert_array_equal(images("test", limit=5, test_classes=["heart"]), test[labels == 2][:5])


def test_static_draws_are_these_for_ever():
    images = binarized(np.full((2, 1, 12, 1), 128, np.uint8), "static", "test", np.array([0, 9999]))
    assert ["".join(map(str, image.ravel() // 255)) for image in images] == ["100011111101", "111100111111"]


def test_the_parts_of_a_data_set_are_drawn_independently():
    gray = np.full((50, 8, 8, 1), 128, np.uint8)
    train, test = (binarized(gray, "static", part, np.arange(50)) for part in ("train", "test"))
    assert (train == test).mean() == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize("kind", ["threshold", "static"])
def test_the_least_binary_cross_entropy_is_zero(kind):
    """Of gray targets it is their entropy, 0.0581 a pixel for the test images of MNIST."""
    targets, gray = (tf.constant(mnist(each, limit=None) / 255, tf.float32) for each in (kind, "none"))
    assert float(tf.reduce_mean(Bce()(targets, targets))) == pytest.approx(0, abs=10 * keras.backend.epsilon())
    assert float(tf.reduce_mean(Bce()(gray, gray))) == pytest.approx(0.05808, abs=1e-4)


def test_refuses_color_before_anything_is_read(tmp_path):
    color = "`binarization` needs gray images.*Received binarization=static for 3 channels"
    with pytest.raises(ConfigError, match=color):
        Cifar10(limit=None, folder=None, base_url="", binarization="static")
    with pytest.raises(ConfigError, match=color):
        Shapes(limit=None, image_shape=[8, 8, 3], train_size=4, test_size=4, seed=0, binarization="static")


@pytest.mark.parametrize("kind", KINDS[1:])
def test_refuses_color_that_is_seen_when_the_images_are_read(tmp_path, kind):
    np.save(tmp_path / "color.npy", np.full((6, 4, 4, 3), 7, np.uint8))
    arrays = Arrays(
        limit=None, path=str(tmp_path / "color.npy"), test_path=None, test_fraction=0.5, seed=0, binarization=kind
    )
    with pytest.raises(ConfigError, match=f"Received binarization={kind} for 3 channels"):
        arrays.splits()


def test_refuses_other_words():
    with pytest.raises(ConfigError, match=r"one of none, threshold, static, dynamic.*Did you mean 'static'"):
        Mnist(limit=None, binarization="statik")
