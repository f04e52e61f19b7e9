"""Images decoded from samples of the prior."""

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports.plotting import mosaic
from aeexp.reports.prior_samples import PriorSamples
from tests.support.evaluations import decoded_by, evaluation

REPORT = PriorSamples(side=20, seed=3)
GRAYS = np.float32(np.arange(400) % 256 / 255).reshape(-1, 1, 1, 1)


def drawn(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """The latents that are decoded, to images in numbered grays, and the grid of the images."""
    judged, asked = decoded_by(lambda latents: GRAYS[: len(latents)], evaluation(kind))
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


def test_another_seed_gives_other_samples():
    plane = evaluation("plane")
    first, again, other = (next(PriorSamples(3, seed)(plane)).figure.axes[0].images[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.get_array(), again.get_array())
    assert not np.array_equal(first.get_array(), other.get_array())


@pytest.mark.parametrize("kind", ["vector", "convolutional code"])
def test_a_code_without_a_prior_has_no_samples(kind):
    assert [*REPORT(evaluation(kind))] == []


def test_refuses_an_empty_grid():
    with pytest.raises(ConfigError, match=r"`side` must be at least 1\. Received side=0"):
        PriorSamples(side=0, seed=0)
