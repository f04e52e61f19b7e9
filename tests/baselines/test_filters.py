from dataclasses import replace

import numpy as np
import pytest

from aeexp.baselines.baseline import RestorationTask
from aeexp.baselines.filter import Filter
from aeexp.baselines.gaussian_blur import GaussianBlur
from aeexp.baselines.median import Median
from aeexp.baselines.non_local_means import NonLocalMeans
from aeexp.baselines.total_variation import TotalVariation
from aeexp.errors import ConfigError

TASK = RestorationTask((16, 16, 1), (16, 16, 1), corrupted=True, code_size=4)
FILTERS = [
    GaussianBlur([0.5, 1.0], images=20),
    Median([3], images=20),
    NonLocalMeans([0.2, 0.4], images=20),
    TotalVariation([0.2, 0.5], images=20),
]


@pytest.fixture(scope="module")
def squares() -> np.ndarray:
    """Bright squares on a dark background."""
    images = np.zeros((20, 16, 16, 1), np.float32)
    for row, image in enumerate(images):
        image[2 + row % 5 : 10, 3 : 8 + row % 7] = 1
    return images


@pytest.fixture(scope="module")
def noisy(squares) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0.4, 0.3, squares.shape)
    return np.clip(squares + noise, 0, 1).astype(np.float32)


def error(restored: np.ndarray, squares: np.ndarray) -> float:
    return float(np.mean((restored - squares) ** 2))


@pytest.mark.parametrize("filter", FILTERS, ids=lambda filter: type(filter).__name__)
def test_removes_noise_and_its_mean(filter, squares, noisy):
    restored = filter.fit(TASK, lambda count: (noisy[:count], squares[:count]))(noisy)
    mapped = np.polyval(np.polyfit(noisy.ravel(), squares.ravel(), 1), noisy)
    assert error(restored, squares) < 0.8 * error(mapped, squares)
    assert abs(restored.mean() - squares.mean()) < 0.05


@pytest.mark.parametrize("filter", FILTERS, ids=lambda filter: type(filter).__name__)
def test_constant_images_stay_constant(filter):
    even = np.full((2, 16, 16, 3), 0.25, np.float32)
    np.testing.assert_allclose(filter.smooth(even, filter.strengths[0]), even, atol=1e-4)


def test_the_median_removes_a_single_bright_pixel():
    image = np.zeros((1, 5, 5, 1), np.float32)
    image[0, 2, 2] = 1
    assert Median([3], images=1).smooth(image, 3).max() == 0


@pytest.mark.parametrize("kind", [Median, GaussianBlur])
def test_images_and_channels_do_not_mix(kind):
    images = np.zeros((2, 9, 9, 3), np.float32)
    images[0, ..., 1] = np.random.default_rng(0).random((9, 9))
    smooth = kind([3.0], images=1).smooth(images, 3.0)
    assert smooth[0, ..., 1].max() > 0
    assert smooth[1].max() == smooth[0, ..., [0, 2]].max() == 0


def test_takes_the_best_strength(squares, noisy):
    def examples(count: int) -> tuple[np.ndarray, np.ndarray]:
        return noisy[:count], squares[:count]

    alone = {std: GaussianBlur([std], 20).fit(TASK, examples)(noisy) for std in (0.1, 1.0, 8.0)}
    best = GaussianBlur([0.1, 1.0, 8.0], 20).fit(TASK, examples)(noisy)
    assert min(alone, key=lambda std: error(alone[std], squares)) == 1.0
    np.testing.assert_array_equal(best, alone[1.0])


def test_the_map_is_the_least_squares_one(squares, noisy):
    smoothed = GaussianBlur([0.5], 20).smooth(noisy, 0.5).astype(np.float64)
    expected = np.polyval(np.polyfit(smoothed.ravel(), squares.ravel(), 1), smoothed)
    restored = GaussianBlur([0.5], 20).fit(TASK, lambda count: (noisy[:count], squares[:count]))(noisy)
    np.testing.assert_allclose(restored, np.clip(expected, 0, 1), atol=1e-5)


def test_constant_images_cause_no_division_by_zero():
    black = np.zeros((2, 16, 16, 1), np.float32)
    restored = GaussianBlur([0.5], 2).fit(TASK, lambda count: (black, black + 0.25))(black)
    np.testing.assert_allclose(restored, 0.25, atol=1e-6)


@pytest.mark.parametrize("filter", FILTERS, ids=lambda filter: type(filter).__name__)
@pytest.mark.parametrize("wrong", [{"strengths": []}, {"strengths": [1.0, 0.0]}, {"images": 0}])
def test_rejects_invalid_strengths_and_counts(filter: Filter, wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must .* Received"):
        replace(filter, **wrong)
