"""Pairs of corrupted and clean images: what is drawn of what, and by which epoch."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from aeexp.augmentations.chain import AugmentationChain
from aeexp.augmentations.flip import Flip
from aeexp.augmentations.shift import Shift
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.noise import Noise
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.runtime.random import EVALUATION_EPOCH

COUNT = 40
IMAGES = tf.constant(np.random.default_rng(0).integers(0, 256, (COUNT, 8, 8, 1), np.uint8))
PLAIN = CorruptedPairs(IMAGES, Chain({}), seed=3)
AUGMENTED = replace(PLAIN, augmentation=AugmentationChain({"shift": Shift(2, "zero"), "flip": Flip(True, True)}))
BINARY = replace(PLAIN, binarize=True)


def clean(pairs: CorruptedPairs, epoch: int = 0, corruption_epoch: int = 0) -> np.ndarray:
    return pairs.batch(tf.range(COUNT), corruption_epoch, epoch).clean.numpy()


@pytest.mark.parametrize("pairs", [AUGMENTED, BINARY], ids=["augmented", "binary"])
class TestTarget:
    def test_is_drawn_anew_each_epoch_and_not_by_the_epoch_of_the_corruption(self, pairs):
        assert not np.array_equal(clean(pairs), clean(pairs, epoch=1))
        np.testing.assert_array_equal(clean(pairs), clean(pairs, corruption_epoch=1))
        np.testing.assert_array_equal(clean(pairs), clean(replace(pairs)))

    def test_is_the_same_in_any_batch_order_and_graph(self, pairs):
        graph = tf.function(pairs.batch)
        few = graph(tf.constant([7, 3, 30]), tf.constant(5), tf.constant(5))
        np.testing.assert_allclose(few.clean, clean(pairs, epoch=5)[[7, 3, 30]], atol=1e-6)

    def test_is_what_is_corrupted(self, pairs):
        batch = pairs.batch(tf.range(COUNT), 0, 0)
        np.testing.assert_array_equal(batch.corrupted, batch.clean)
        noise = Chain({"noise": Noise(mean=0.0, std=0.01)})
        noisy = replace(pairs, corruption=noise).batch(tf.range(COUNT), 0, 0)
        np.testing.assert_allclose(noisy.corrupted, noisy.clean, atol=0.06)


def test_an_augmentation_changes_no_draw_of_the_corruption_nor_of_the_model():
    gray = tf.fill([COUNT, 8, 8, 1], tf.constant(128, tf.uint8))  # which a flip leaves as it is
    noisy = CorruptedPairs(gray, Chain({"noise": Noise(mean=0.0, std=0.1)}), seed=3)
    before = noisy.batch(tf.range(COUNT), 2, 2)
    after = replace(noisy, augmentation=AugmentationChain({"flip": Flip(True, True)})).batch(tf.range(COUNT), 2, 2)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_seeds_augment_differently_and_binarize_alike():
    assert not np.array_equal(clean(AUGMENTED), clean(replace(AUGMENTED, seed=4)))
    np.testing.assert_array_equal(clean(BINARY, EVALUATION_EPOCH), clean(replace(BINARY, seed=4), EVALUATION_EPOCH))


def test_augmented_gray_values_are_the_probabilities_of_binary_pixels():
    both = replace(AUGMENTED, binarize=True)
    assert set(np.unique(clean(both))) == {0.0, 1.0}
    black = clean(AUGMENTED) == 0  # what came in at the edge
    assert not clean(both)[black].any()
