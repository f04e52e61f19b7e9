"""Images decoded from codes of samplers."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.evaluation.samples import SampleSource
from aeexp.models.samplers.gaussian import Gaussian
from aeexp.models.samplers.prior import Prior
from aeexp.reports.plotting import mosaic
from aeexp.reports.samples import Samples
from tests.support.evaluations import decoded_by, evaluation

REPORT = Samples(side=20, seed=3)
GRAYS = np.float32(np.arange(400) % 256 / 255).reshape(-1, 1, 1, 1)
IMAGES = np.random.default_rng(0).integers(0, 256, (30, 16, 16, 1), np.uint8)


def sampled(kind: str, **samplers) -> EvaluationResult:
    found = evaluation(kind)
    training = CorruptedPairs(tf.constant(IMAGES), Chain({}), 0)
    return replace(found, samples=SampleSource(found.model, samplers, training))


def drawn(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """The latents that are decoded, to images in numbered grays, and the grid of the images."""
    judged, asked = decoded_by(lambda latents: GRAYS[: len(latents)], sampled(kind, prior=Prior()))
    (item,) = REPORT(judged)
    return np.concatenate(asked), item.figure.axes[0].images[0].get_array()


@pytest.mark.parametrize("kind", ["plane", "normal features"])
def test_samples_have_the_mean_and_spread_of_the_prior(kind):
    latents, _ = drawn(kind)
    assert latents.shape == (20 * 20, *evaluation(kind).codes.shape[1:])
    np.testing.assert_allclose(latents.mean(axis=0), 0, atol=5 / 20)  # five times 1/√400
    np.testing.assert_allclose(latents.std(axis=0), 1, atol=5 / 28)  # five times 1/√800


def test_each_sample_is_one_image_of_the_grid():
    _, pixels = drawn("plane")
    np.testing.assert_array_equal(pixels, mosaic(GRAYS.reshape(20, 20, 1, 1, 1), scale=1))


def test_each_sampler_has_a_grid_under_its_name():
    (item,) = Samples(3, 0)(sampled("plane", prior=Prior(), fitted_one=Gaussian(images=30)))
    assert [axes.get_title() for axes in item.figure.axes] == ["prior", "fitted one"]
    first, second = (axes.images[0].get_array() for axes in item.figure.axes)
    assert not np.array_equal(first, second)


def test_another_seed_gives_other_samples():
    plane = sampled("plane", prior=Prior())
    first, again, other = (next(Samples(3, seed)(plane)).figure.axes[0].images[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.get_array(), again.get_array())
    assert not np.array_equal(first.get_array(), other.get_array())


@pytest.mark.parametrize("kind", ["vector", "convolutional code"])
def test_without_samplers_there_is_nothing_to_show(kind):
    assert [*REPORT(sampled(kind))] == []
    assert [*REPORT(replace(evaluation(kind), samples=None))] == []


def test_refuses_an_empty_grid():
    with pytest.raises(ConfigError, match=r"`side` must be at least 1\. Received side=0"):
        Samples(side=0, seed=0)
