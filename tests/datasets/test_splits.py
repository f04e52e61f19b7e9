import numpy as np
import pytest

from aeexp.datasets.splits import check_split, random_split
from aeexp.errors import ConfigError, DataError


@pytest.mark.parametrize(
    ("count", "fraction", "test"), [(100, 0.1, 10), (10, 0.25, 2), (2, 0.01, 1), (2, 0.99, 1), (3, 0.5, 2)]
)
def test_every_image_is_in_one_split(count, fraction, test):
    places = random_split(count, fraction, 0, "it")
    assert len(places["test"]) == test
    assert sorted([*places["train"], *places["test"]]) == list(range(count))


def test_the_seed_decides():
    first, again, other = (random_split(100, 0.5, seed, "it")["train"] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("count", [0, 1])
def test_refuses_too_few(count):
    with pytest.raises(DataError, match=f"'here' must contain at least two images.*Received {count}"):
        random_split(count, 0.5, 0, "'here'")


@pytest.mark.parametrize("fraction", [0.0, 1.0, -0.5, float("nan")])
def test_rejects_fractions_outside_0_to_1(fraction):
    with pytest.raises(ConfigError, match=f"`test_fraction`.*Received test_fraction={fraction}"):
        check_split(fraction, 0)


def test_refuses_a_negative_seed():
    with pytest.raises(ConfigError, match=r"`seed` must be at least 0. Received seed=-1"):
        check_split(0.1, -1)
