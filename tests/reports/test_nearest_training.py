"""Samples beside their nearest training images."""

import re
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from matplotlib.text import Text

from aeexp.corruptions.chain import Chain
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.errors import ConfigError
from aeexp.evaluation.samples import BLOCK, SampleSource
from aeexp.models.samplers.prior import Prior
from aeexp.reports.nearest_training import NearestTraining
from tests.support.evaluations import decoded_by, evaluation

TRAINING = np.random.default_rng(1).integers(0, 256, (BLOCK + 40, 16, 16, 1), np.uint8)
COPIED = [BLOCK + 7, 3]


def test_finds_the_images_that_are_copied_and_says_how_near_they_are():
    """In the second block and in the first one, in an order of its own."""
    plane = evaluation("plane")
    decoded, _ = decoded_by(lambda _: TRAINING[COPIED] / np.float32(255), plane)
    pairs = CorruptedPairs(tf.constant(TRAINING), Chain({}), 0)
    samples = SampleSource(plane.model, {"prior": Prior()}, pairs)
    report = NearestTraining(samples=2, neighbors=3, images=10_000, seed=0)
    found, differences = report._nearest(samples, TRAINING[COPIED] / np.float32(255))
    np.testing.assert_allclose(found[:, 0], TRAINING[COPIED] / 255, atol=1e-6)
    np.testing.assert_allclose(differences[:, 0], 0, atol=1e-3)
    pixels = TRAINING.reshape(len(TRAINING), -1) / 255
    expected = np.sort(np.sqrt(((pixels - pixels[3]) ** 2).mean(1)))[:3]
    np.testing.assert_allclose(differences[1], expected, atol=1e-3)
    (item,) = report(replace(decoded, samples=samples))
    said = "\n".join(text.get_text() for text in item.figure.findobj(Text))
    (usual,) = map(float, re.findall(r"([\d.]+) of test images", said))
    differences = np.sqrt(((plane.targets.reshape(-1, 1, 256) - pixels) ** 2).mean(-1)).min(1)
    assert usual == pytest.approx(np.median(differences), abs=1e-3)
    assert item.name == "nearest_training"


def test_searches_the_first_images_alone():
    plane = evaluation("plane")
    samples = SampleSource(plane.model, {}, CorruptedPairs(tf.constant(TRAINING), Chain({}), 0))
    found, _ = NearestTraining(samples=1, neighbors=9, images=2, seed=0)._nearest(samples, plane.targets[:1])
    assert found.shape == (1, 2, 16, 16, 1)


def test_without_training_images_there_is_nothing_to_show():
    plane = evaluation("plane")
    report = NearestTraining(samples=1, neighbors=1, images=2, seed=0)
    assert [*report(replace(plane, samples=SampleSource(plane.model, {"prior": Prior()}, None)))] == []
    assert [*report(replace(plane, samples=None))] == []


@pytest.mark.parametrize("settings", [(0, 1, 1, 0), (1, 0, 1, 0), (1, 1, 0, 0)])
def test_refuses_nothing_to_show(settings):
    with pytest.raises(ConfigError, match=r"must be at least 1\. Received \w+=0"):
        NearestTraining(*settings)
