"""Random split into training and test images."""

import numpy as np

from aeexp.datasets.dataset import Split
from aeexp.errors import ConfigError, DataError


def check_split(test_fraction: float, seed: int) -> None:
    """Check the settings of a random split.

    Raises:
        ConfigError: if `test_fraction` is not between 0 and 1, or `seed` is negative.
    """
    if not 0 < test_fraction < 1:
        raise ConfigError(f"`test_fraction` must be between 0 and 1. Received test_fraction={test_fraction}.")
    if seed < 0:
        raise ConfigError(f"`seed` must be at least 0. Received seed={seed}.")


def random_split(count: int, test_fraction: float, seed: int, source: str) -> dict[Split, np.ndarray]:
    """Shuffled indices of the images of each split, int64; each split gets at least one image.

    Args:
        count: number of images.
        source: where they come from, for the error message.

    Raises:
        DataError: for fewer than two images.
    """
    if count < 2:
        raise DataError(f"{source} must contain at least two images, to train and test on. Received {count}; add more.")
    order = np.random.default_rng(seed).permutation(count)
    test = min(max(round(count * test_fraction), 1), count - 1)
    return {"train": order[test:], "test": order[:test]}
