import numpy as np
import pytest

from aeexp.baselines.baseline import RestorationTask
from aeexp.baselines.pca import Pca
from aeexp.errors import ConfigError

RANDOM = np.random.default_rng(0)
IMAGES = np.clip(0.5 + RANDOM.normal(0, 0.1, (50, 3)) @ RANDOM.normal(0, 1, (3, 24)), 0.01, 0.99)
IMAGES = IMAGES.astype(np.float32).reshape(50, 4, 6, 1)


def task(code_size: int, corrupted: bool = False) -> RestorationTask:
    return RestorationTask((4, 6, 1), (4, 6, 1), corrupted, code_size)


def error(code_size: int) -> float:
    pca = Pca(images=50, components=None).adapt(task(code_size))
    restored = pca.fit(task(code_size), lambda count: (IMAGES[:count], IMAGES[:count]))(IMAGES)
    return float(np.mean((restored - IMAGES) ** 2))


def test_images_of_low_rank_are_reconstructed():
    assert error(3) < 1e-4 < error(1)


def test_takes_the_size_of_the_code_by_default():
    assert Pca(images=50, components=None).adapt(task(7)).components == 7
    assert Pca(images=50, components=2).adapt(task(7)).components == 2


@pytest.mark.parametrize("useless", [task(24), task(2, corrupted=True)])
def test_does_not_apply_to_lossless_codes_or_corrupted_images(useless):
    assert Pca(images=50, components=None).adapt(useless) is None


def test_rejects_zero_components():
    with pytest.raises(ConfigError, match=r"`components` must be at least 1\. Received components=0"):
        Pca(images=50, components=0)
