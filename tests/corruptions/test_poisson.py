import re

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from aeexp.corruptions.poisson import EXACT_BELOW, Poisson, _exact_inverse_cdf
from aeexp.errors import ConfigError
from aeexp.runtime.random import image_seeds

SEEDS = image_seeds(0, 0, tf.range(200))


def photons(expected: float) -> np.ndarray:
    """Photon counts of 200 images dark enough that no pixel is clipped."""
    peak = 4.0 * expected + 20.0
    counts = Poisson(peak=peak)(tf.fill([200, 28, 28, 1], expected / peak), SEEDS).numpy().ravel() * peak
    np.testing.assert_allclose(counts, np.rint(counts), atol=1e-3)
    return np.rint(counts)


@pytest.mark.parametrize("expected", [0.05, 1.0, 5.0, 9.9, 10.1, 40.0, 255.0])
def test_counts_follow_the_poisson_distribution(expected):
    counts = photons(expected)
    assert counts.mean() == pytest.approx(expected, abs=5 * (expected / counts.size) ** 0.5)
    assert counts.var() == pytest.approx(expected, rel=0.02)
    support = np.arange(counts.max() + 1)
    frequencies = np.bincount(counts.astype(int)) / counts.size
    np.testing.assert_allclose(frequencies, stats.poisson.pmf(support, expected), atol=0.003)


def test_no_light_no_noise():
    dark = tf.zeros([200, 28, 28, 1])
    np.testing.assert_array_equal(Poisson(peak=10.0)(dark, SEEDS), dark)


def test_white_is_clipped():
    """A white pixel at 100 photons gets more than 100 in 47.3 % of the draws, and exactly 100 in 4 %."""
    white = Poisson(peak=100.0)(tf.ones([200, 28, 28, 1]), SEEDS).numpy()
    assert white.max() == 1.0
    assert (white == 1.0).mean() == pytest.approx(stats.poisson.sf(99, 100), abs=0.01)


def test_the_largest_draw_gives_no_outlier():
    """The largest possible draw gives a count no larger than the 1 - 1e-7 quantile."""
    expected = np.linspace(0.0, EXACT_BELOW, 2001, dtype=np.float32)
    counts = _exact_inverse_cdf(tf.constant(expected), tf.fill([2001], 1.0 - 2.0**-24)).numpy()
    assert (counts <= stats.poisson.isf(1e-7, np.maximum(expected, 1e-12))).all()


@pytest.mark.parametrize("peak", [0.0, -1.0, float("inf"), 1e300])
def test_rejects_an_invalid_peak(peak):
    with pytest.raises(ConfigError, match=rf"`peak`.*Received peak={re.escape(str(peak))}"):
        Poisson(peak=peak)
