import numpy as np
import pytest

from aeexp.datasets.dataset import LabelledImages
from aeexp.errors import DataError

IMAGES = np.zeros((3, 4, 5, 1), np.uint8)


def test_first_truncates_images_and_labels():
    first = LabelledImages(IMAGES, np.array([2, 1, 0]), np.array(["a", "b", "c"])).first(2)
    assert first.images.shape == (2, 4, 5, 1)
    assert first.labels.tolist() == [2, 1]
    assert first.names.tolist() == ["a", "b"]


def test_first_of_none_keeps_all():
    assert len(LabelledImages(IMAGES, None).first(None).images) == 3


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
