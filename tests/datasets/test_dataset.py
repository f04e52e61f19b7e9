import numpy as np
import pytest

from aeexp.datasets.dataset import LabelledImages
from aeexp.errors import DataError

IMAGES = np.zeros((3, 4, 5, 1), np.uint8)


def test_takes_images_labels_and_names():
    taken = LabelledImages(IMAGES, np.array([2, 1, 0]), np.array(["a", "b", "c"])).take(np.array([0, 2]))
    assert taken.images.shape == (2, 4, 5, 1)
    assert taken.labels.tolist() == [2, 0]
    assert taken.names.tolist() == ["a", "c"]


def test_all_images_are_taken_without_a_copy():
    whole = LabelledImages(IMAGES, None)
    assert whole.take(np.arange(3)) is whole


@pytest.mark.parametrize(
    "images",
    [
        IMAGES.astype(np.float32),
        IMAGES[..., 0],
        IMAGES[:0],
        np.zeros((3, 4, 5, 2), np.uint8),
        np.zeros((3, 0, 5, 1), np.uint8),
    ],
)
def test_rejects_invalid_images(images):
    with pytest.raises(DataError, match="uint8 \\[N, H, W, C\\]"):
        LabelledImages(images, None)


@pytest.mark.parametrize("labels", [np.arange(2), np.zeros((3, 1), np.int64), np.arange(3.0)])
def test_refuses_labels_that_do_not_match(labels):
    with pytest.raises(DataError, match="label for each of its 3 images"):
        LabelledImages(IMAGES, labels)
