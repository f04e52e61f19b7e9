"""Training images as an augmentation changes them."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from aeexp.augmentations.chain import AugmentationChain
from aeexp.augmentations.flip import Flip
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.noise import Noise
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.evaluation.augmented import EPOCHS, augmented_images
from aeexp.reports.augmentations import Augmentations
from tests.support.evaluations import evaluation

IMAGES = np.random.default_rng(0).integers(0, 256, (40, 6, 6, 1), np.uint8)
FLIP = AugmentationChain({"flip": Flip(horizontal=True, vertical=False)})
PAIRS = CorruptedPairs(tf.constant(IMAGES), Chain({"noise": Noise(mean=0.0, std=0.5)}), 3, augmentation=FLIP)


def test_images_are_those_that_the_epochs_learned_from():
    rows = augmented_images(PAIRS, 25)
    assert list(rows) == ["image", *(f"epoch {epoch + 1}" for epoch in range(EPOCHS))]
    assert list(augmented_images(PAIRS, 1)) == ["image", "epoch 1"]
    np.testing.assert_array_equal(rows["image"], IMAGES[:10] / np.float32(255))
    shuffled = PAIRS.batch(tf.constant([7, 2]), 1, 1).clean
    np.testing.assert_array_equal(rows["epoch 2"][[7, 2]], shuffled)
    flipped = rows["image"][:, :, ::-1]
    kept = (rows["epoch 1"] == rows["image"]).all(axis=(1, 2, 3))
    assert 0 < kept.sum() < 10
    np.testing.assert_array_equal(rows["epoch 1"][~kept], flipped[~kept])


@pytest.mark.parametrize("count", [1, 5])
def test_of_few_images_all_are_shown(count):
    assert len(augmented_images(replace(PAIRS, images=PAIRS.images[:count]), 2)["epoch 1"]) == count


def test_nothing_is_drawn_without_augmentation():
    assert augmented_images(replace(PAIRS, augmentation=None), 2) == {}
    assert list(Augmentations()(replace(evaluation("plane"), augmented={}))) == []
