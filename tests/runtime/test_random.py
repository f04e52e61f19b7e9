import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from aeexp.runtime.random import EVALUATION_EPOCH, fold_in, image_seeds, normal, uniform

IMAGES = 500
SHAPE = (28, 28, 1)


def draws(draw=uniform, seed=0, epoch=0, first=0) -> np.ndarray:
    return draw(image_seeds(seed, epoch, tf.range(first, first + IMAGES)), SHAPE).numpy()


def correlation(left: np.ndarray, right: np.ndarray) -> float:
    """Of independent draws: 0 within a few hundredths of a percent, 1/√n."""
    return abs(float(np.corrcoef(left.ravel(), right.ravel())[0, 1]))


def test_uniform_distribution():
    values = draws().ravel()
    assert 0.0 < values.min() < 1e-4
    assert 1.0 - 1e-4 < values.max() < 1.0
    assert values.mean() == pytest.approx(1 / 2, abs=0.002)
    assert values.var() == pytest.approx(1 / 12, abs=0.001)
    assert stats.kstest(values, "uniform").pvalue > 0.01


def test_normal_distribution():
    values = draws(normal).ravel()
    assert np.isfinite(values).all()
    assert values.mean() == pytest.approx(0.0, abs=0.005)
    assert values.var() == pytest.approx(1.0, abs=0.01)
    assert stats.skew(values) == pytest.approx(0.0, abs=0.02)
    assert stats.kurtosis(values) == pytest.approx(0.0, abs=0.04)
    assert stats.kstest(values, "norm").pvalue > 0.01


def test_every_pixel_and_every_image_has_the_whole_distribution():
    """The means over images, and over pixels, spread as those of independent draws do: by √(1/12n)."""
    values = draws()
    assert values.mean(axis=0).std() == pytest.approx((1 / 12 / IMAGES) ** 0.5, rel=0.1)
    assert values.mean(axis=(1, 2, 3)).std() == pytest.approx((1 / 12 / 784) ** 0.5, rel=0.1)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_neighbouring_images_rows_and_columns_are_independent(axis):
    values = draws()
    assert correlation(values, np.roll(values, 1, axis)) < 0.005


@pytest.mark.parametrize("other", [{"epoch": 1}, {"epoch": EVALUATION_EPOCH}, {"seed": 1}, {"seed": 2**32 - 1}])
def test_epochs_and_seeds_are_independent(other):
    assert correlation(draws(), draws(**other)) < 0.005


def test_seed_and_epoch_do_not_stand_for_one_another():
    assert correlation(draws(seed=1, epoch=0), draws(seed=0, epoch=1)) < 0.005


def test_folded_draws_are_independent():
    seeds = image_seeds(0, 0, tf.range(IMAGES))
    folds = [uniform(fold_in(seeds, number), SHAPE).numpy() for number in range(3)]
    for left, right in [(draws(), folds[0]), (folds[0], folds[1]), (folds[1], folds[2])]:
        assert correlation(left, right) < 0.005


def test_an_image_draws_the_same_in_any_batch():
    np.testing.assert_array_equal(draws()[100:], draws(first=100)[:-100])
    shuffled = uniform(image_seeds(0, 0, tf.constant([7, 3, 400])), SHAPE)
    np.testing.assert_array_equal(shuffled, draws()[[7, 3, 400]])


def test_the_epoch_may_be_a_tensor():
    in_graph = tf.function(lambda epoch: image_seeds(5, epoch, tf.range(4)))
    np.testing.assert_array_equal(
        in_graph(tf.constant(EVALUATION_EPOCH)), image_seeds(5, EVALUATION_EPOCH, tf.range(4))
    )


def test_no_two_images_share_a_seed():
    seeds = image_seeds(0, 0, tf.range(60_000)).numpy()
    assert len(np.unique(seeds, axis=0)) == 60_000
