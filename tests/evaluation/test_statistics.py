"""Intervals and tests, held against scipy on known numbers, and their false alarms by simulation."""

import numpy as np
import pytest
from scipy import stats

from aeexp.evaluation.statistics import (
    holm,
    over_images,
    over_runs,
    paired_difference,
    paired_difference_over_images,
    with_intervals,
)

VALUES, OTHERS = [20.0, 21.0, 22.5, 20.5], [19.0, 20.5, 20.0, 20.25]


def test_interval_over_runs_is_that_of_student():
    low, high = over_runs(VALUES)
    half = stats.t.ppf(0.975, 3) * np.std(VALUES, ddof=1) / 2
    assert (low, high) == pytest.approx((21 - half, 21 + half))


def test_one_run_has_no_spread():
    assert np.isnan(over_runs([20.0])).all()
    assert over_runs([20.0, 20.0]) == (20.0, 20.0)


def test_paired_difference_is_that_of_scipy():
    found, expected = paired_difference(VALUES, OTHERS), stats.ttest_rel(VALUES, OTHERS)
    assert found.p_value == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval(0.95)))
    assert found.mean == pytest.approx(np.mean(VALUES) - np.mean(OTHERS))
    assert found.low < 0 < found.high


def test_equal_pairs_do_not_differ_and_a_constant_difference_is_certain():
    assert paired_difference(VALUES, VALUES) == (0, 0, 0, 1)
    assert paired_difference([2.0, 3.0], [1.0, 2.0]).p_value == 0
    with pytest.raises(ValueError, match=r"needs two pairs\. Received 1"):
        paired_difference([1.0], [2.0])


def test_differences_of_images_are_judged_without_taking_them_for_normal():
    others = np.random.default_rng(3).normal(20, 3, 31)
    values = others + np.append(np.linspace(0.3, 0.5, 30), -9.0)  # better but for an outlier
    found = paired_difference_over_images(values, others)
    assert found.mean == pytest.approx(np.mean(values - others))
    assert found.p_value == pytest.approx(stats.wilcoxon(values, others).pvalue)
    assert (found.low, found.high) == over_images({"": values - others})[""]
    assert found.p_value < 0.001 < 0.5 < paired_difference(values, others).p_value


def test_equal_images_and_a_constant_difference_of_all():
    values = np.linspace(0, 1, 9)
    assert paired_difference_over_images(values, values) == (0, 0, 0, 1)
    assert paired_difference_over_images(np.arange(9.0) + 1, np.arange(9.0)) == (1, 1, 1, 0)
    with pytest.raises(ValueError, match=r"needs two pairs\. Received 1"):
        paired_difference_over_images(values[:1], values[1:2])


def test_holm_on_the_numbers_of_a_textbook():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []


def test_bootstrap_covers_the_mean_and_comes_near_the_normal_interval():
    values = np.random.default_rng(1).normal(20, 3, 2000).astype(np.float32)
    low, high = over_images({"psnr": values})["psnr"]
    half = 1.96 * values.std() / np.sqrt(2000)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.15 * half)
    assert over_images({"psnr": values}) == over_images({"psnr": values}), "the same each time"


def test_what_has_no_interval_keeps_its_mean():
    assert with_intervals({"psnr": np.array([20.0])}) == {"psnr": 20.0}
    assert with_intervals({"psnr": np.array([20.0, np.inf])}) == {"psnr": np.inf}
    assert set(with_intervals({"mse": np.zeros(3)}).values()) == {0.0}
