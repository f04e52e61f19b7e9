"""Splitting what comes in one piece."""

import numpy as np

from aeexp.datasets.dataset import Split
from aeexp.errors import ConfigError, DataError


def check_split(test_fraction: float, seed: int) -> None:
    """Refuse settings by which nothing can be split.

    Raises:
        ConfigError: as above.
    """
    if not 0 < test_fraction < 1:
        raise ConfigError(f"`test_fraction` must lie between 0 and 1. Received test_fraction={test_fraction}.")
    if seed < 0:
        raise ConfigError(f"`seed` must be at least 0. Received seed={seed}.")


def random_split(count: int, test_fraction: float, seed: int, source: str) -> dict[Split, np.ndarray]:
    """The places of the images of each split, int64, shuffled; each split gets one image at least.

    Args:
        count: of the images.
        source: what they come from; opens the error.

    Raises:
        DataError: for fewer than two images.
    """
    if count < 2:
        raise DataError(f"{source} must hold at least two images, to train and to test on. Received {count}; add more.")
    order = np.random.default_rng(seed).permutation(count)
    test = min(max(round(count * test_fraction), 1), count - 1)
    return {"train": order[test:], "test": order[:test]}
