"""Pictures out of draws from the prior."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports.plotting import mosaic
from aeexp.reports.prior_samples import PriorSamples
from tests.support.evaluations import evaluation

REPORT = PriorSamples(side=20, seed=3)


def drawn(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """The latents that are decoded, to numbered grays, and the picture of the result."""
    asked: list[np.ndarray] = []

    def decoder(latents: np.ndarray) -> np.ndarray:
        asked.append(latents)
        return (np.arange(len(latents)) % 256 / 255).reshape(-1, 1, 1, 1).astype(np.float32)

    (item,) = REPORT(replace(evaluation(kind), model=SimpleNamespace(decoder=decoder)))
    return np.concatenate(asked), item.figure.axes[0].images[0].get_array()


@pytest.mark.parametrize("kind", ["plane", "normal features"])
def test_the_draws_are_normal_in_every_number_of_the_code(kind):
    latents, _ = drawn(kind)
    assert latents.shape == (20 * 20, *evaluation(kind).codes.shape[1:])
    np.testing.assert_allclose(latents.mean(axis=0), 0, atol=5 / 20)  # five times 1/√400
    np.testing.assert_allclose(latents.std(axis=0), 1, atol=5 / 28)  # five times 1/√800


def test_each_draw_is_one_picture_of_the_square():
    _, pixels = drawn("plane")
    grays = (np.arange(400) % 256 / 255).reshape(20, 20, 1, 1, 1)
    np.testing.assert_array_equal(pixels, mosaic(grays, scale=1))


def test_another_seed_draws_others():
    plane = evaluation("plane")
    first, again, other = (next(PriorSamples(3, seed)(plane)).figure.axes[0].images[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.get_array(), again.get_array())
    assert not np.array_equal(first.get_array(), other.get_array())


@pytest.mark.parametrize("kind", ["vector", "convolutional code"])
def test_a_code_without_a_prior_has_no_samples(kind):
    assert [*REPORT(evaluation(kind))] == []


def test_refuses_an_empty_square():
    with pytest.raises(ConfigError, match=r"`side` must be at least 1\. Received side=0"):
        PriorSamples(side=0, seed=0)
