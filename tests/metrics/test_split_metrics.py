"""Metrics of the codes of a whole split, against facts by hand."""

import numpy as np
import pytest

from aeexp.errors import ConfigError, MetricError
from aeexp.metrics.active_units import ActiveUnits
from aeexp.metrics.codebook_usage import CodebookUsage
from aeexp.metrics.knn_accuracy import KnnAccuracy
from aeexp.metrics.metric import CODES, Metric, measure_split
from aeexp.metrics.mig import Mig
from aeexp.metrics.perplexity import Perplexity

KNN, MIG = KnnAccuracy(n_neighbors=5), Mig(bins=20)
RANDOM = np.random.default_rng(0)
LEVELS = np.stack(np.meshgrid(np.arange(4), np.arange(6)), -1).reshape(-1, 2).repeat(10, axis=0)
"""All pairs of 4 and 6 levels, equally often: two independent factors, [240, 2]."""


def test_active_units_are_those_whose_variance_is_above_the_bound():
    signs = np.array([[1, 1, 1], [-1, -1, -1]])
    assert ActiveUnits()(signs * [0.1001, 0.0999, 3]) == 2  # variances 0.01002, 0.00998 and 9
    assert ActiveUnits(variance=9.5)(signs * [0.1, 0.2, 3]) == 0


def test_neighbors_of_separate_classes_tell_them_and_those_of_mixed_classes_do_not():
    labels = np.arange(200) % 2
    codes = 9.0 * labels[:, np.newaxis] + RANDOM.normal(size=(200, 3))
    assert KNN(codes, labels) == 1
    assert 0.35 < KNN(RANDOM.normal(size=(200, 3)), labels) < 0.65


def test_no_image_is_its_own_neighbor():
    assert KnnAccuracy(n_neighbors=1)(np.array([[0.0], [1.0], [10.0], [11.0]]), np.array([0, 1, 0, 1])) == 0


@pytest.mark.parametrize(("count", "expected"), [(3, 1.0), (2, 1.0), (1, np.nan)])
def test_fewer_images_than_neighbors(count, expected):
    np.testing.assert_equal(KNN(np.zeros((count, 2)), np.zeros(count, np.int64)), expected)


def test_a_number_of_the_code_for_each_factor_is_disentangled():
    assert MIG(LEVELS[:, ::-1] * 0.5 + 3, LEVELS) == pytest.approx(1)


def test_two_numbers_of_the_code_for_one_factor_are_no_gap():
    assert MIG(np.stack([LEVELS[:, 0], LEVELS[:, 0]], 1), LEVELS) == pytest.approx(0)


def test_half_of_the_information_is_half_of_the_gap():
    """Whether a factor of four equal levels is above one has ln 2 nats of its ln 4."""
    assert MIG((LEVELS[:, :1] > 1) * 1.0, LEVELS[:, :1]) == pytest.approx(0.5)


def test_factors_that_do_not_vary_are_left_out_and_a_code_that_does_not_tells_nothing():
    factors = np.insert(LEVELS, 0, 7, axis=1)
    assert MIG(LEVELS, factors) == pytest.approx(1)
    assert MIG(np.ones((240, 3)), factors) == pytest.approx(0)
    assert np.isnan(MIG(LEVELS, factors[:, :1]))


def test_mig_of_continuous_factors_is_that_of_scikit_learn():
    from sklearn.metrics import mutual_info_score

    factor, noise = RANDOM.random((2, 500))
    codes = np.stack([factor + 0.3 * noise, noise], 1)
    bins = [np.digitize(each, np.histogram(each, 20)[1][1:-1]) for each in (factor, *codes.T)]
    told, other = (mutual_info_score(bins[0], each) for each in bins[1:])
    assert MIG(codes, factor[:, np.newaxis]) == pytest.approx((told - other) / mutual_info_score(bins[0], bins[0]))


@pytest.mark.parametrize(
    ("kind", "wrong"), [(KnnAccuracy, {"n_neighbors": 0}), (Mig, {"bins": 1}), (ActiveUnits, {"variance": -1.0})]
)
def test_refuses_what_makes_no_sense(kind, wrong):
    with pytest.raises(ConfigError, match=rf"`{next(iter(wrong))}` must be at least .* Received"):
        kind(**wrong)


class Several(Metric):
    """Gives more than a number."""

    needs = (CODES,)

    def __call__(self, codes: np.ndarray) -> np.ndarray:
        return codes.mean(axis=0)


def test_more_than_a_number_is_refused():
    with pytest.raises(MetricError, match=r"metric\.own: must return one number .* shape \[3\]"):
        measure_split({"own": Several()}, {CODES: np.zeros((5, 3))})


@pytest.mark.parametrize(
    ("counts", "perplexity", "usage"),
    [
        ([[5, 5, 5, 5]], 4, 1),
        ([[7, 0, 0, 0]], 1, 0.25),
        ([[2, 1, 1, 0]], np.exp(0.5 * np.log(2) + 0.5 * np.log(4)), 0.75),
        ([[3, 3], [9, 0]], 1.5, 0.75),
    ],
)
def test_entries_of_a_codebook(counts, perplexity, usage):
    """Equal shares of K entries have a perplexity of K; of categories with entries of their own it is the mean."""
    assert Perplexity()(np.array(counts)) == pytest.approx(perplexity)
    assert CodebookUsage()(np.array(counts)) == usage
