"""Configurations beside one another: which pairs are tested, what is tied, and what the reader is told."""

import numpy as np
import pytest
from scipy import stats

from aeexp.runs.comparison import Configuration, Trained, compare, remarks

RNG = np.random.default_rng(0)
IMAGES = RNG.normal(20, 2, 200)


def configuration(name: str, values: list[float], images: np.ndarray | None = None, first: int = 0) -> Configuration:
    """A training for each value, of the seeds from the first one on."""
    trainings = {
        (str(first + seed), ""): Trained(f"{name}{seed}", value, lambda: images) for seed, value in enumerate(values)
    }
    return Configuration(name, trainings)


GOOD = configuration("good", [21.0, 22.0, 21.5])
SAME = configuration("same", [21.1, 21.8, 21.4])
BAD = configuration("bad", [11.0, 12.1, 11.4])


def test_the_best_comes_first_and_what_cannot_be_told_apart_is_tied():
    rows = compare([BAD, SAME, GOOD], higher_is_better=True)
    assert [(row.name, row.tied) for row in rows] == [("good", True), ("same", True), ("bad", False)]
    assert [row.name for row in compare([BAD, SAME, GOOD], higher_is_better=False)] == ["bad", "same", "good"]
    assert rows[0].difference is None


def test_differences_are_paired_by_seed_and_corrected_for_their_number():
    _, same, bad = compare([BAD, SAME, GOOD], higher_is_better=True)
    tests = [stats.ttest_rel(values, [21.0, 22.0, 21.5]) for values in ([21.1, 21.8, 21.4], [11.0, 12.1, 11.4])]
    assert bad.difference.p_value == pytest.approx(tests[1].pvalue)
    assert bad.p_value == pytest.approx(2 * tests[1].pvalue)
    assert same.p_value == pytest.approx(tests[0].pvalue)
    assert bad.paired_by == "3 seeds or folds"
    assert bad.difference.mean == pytest.approx(-10)


def test_differences_to_a_baseline_leave_what_is_tied_with_the_best():
    rows = compare([BAD, SAME, GOOD], True, baseline="bad")
    assert [row.name for row in rows] == ["good", "same", "bad"]
    assert rows[0].difference.mean == pytest.approx(10)
    assert rows[2].difference is None
    assert [row.tied for row in rows] == [True, True, False]


def test_of_a_single_seed_images_are_paired_and_the_reader_is_told():
    one = configuration("one", [IMAGES.mean()], IMAGES)
    other = configuration("other", [IMAGES.mean() - 1], IMAGES - 1 + RNG.normal(0, 0.1, 200))
    best, second = compare([one, other], higher_is_better=True)
    assert second.paired_by == "200 images of one training"
    assert second.tied is False
    assert best.interval.low < best.mean < best.interval.high
    said = " ".join(remarks([best, second]))
    assert "the spread over seeds is unknown" in said
    assert "not for other seeds" in said


def test_pairs_of_images_are_judged_by_wilcoxon_and_pairs_of_seeds_by_student():
    images = IMAGES + RNG.exponential(1.0, 200) - 0.5
    _, second = compare([configuration("one", [21.0], images), configuration("other", [20.0], IMAGES)], True)
    assert second.p_value == pytest.approx(stats.wilcoxon(IMAGES, images).pvalue)


def test_a_mean_that_is_no_number_is_last():
    unknown = configuration("unknown", [float("nan")] * 3)
    for higher in (True, False):
        rows = compare([unknown, BAD, GOOD], higher)
        assert rows[-1].name == "unknown"
        assert rows[-1].tied is False
        assert rows[1].p_value == compare([BAD, GOOD, unknown], higher)[1].p_value < 0.05


def on(task: dict[str, str], name: str, images: np.ndarray = IMAGES) -> Configuration:
    """One training that was tested under these settings."""
    return Configuration(name, {("0", ""): Trained(name, images.mean(), lambda: images, task)})


def test_other_images_are_not_paired_and_the_others_are():
    rows = compare([on({"std": "1"}, "a", IMAGES + 2), on({"std": "2"}, "b", IMAGES + 1), on({"std": "1"}, "c")], True)
    assert [(row.name, row.unpaired) for row in rows] == [("a", ""), ("b", "other std"), ("c", "")]
    assert [row.tied for row in rows] == [True, None, False]
    assert rows[2].paired_by == "200 images of one training"
    assert rows[1].interval.low < 21 < rows[1].interval.high + 1
    assert remarks(rows)[-1] == "Not tested: b (other std)."


def test_nothing_in_common_is_not_tested():
    first, second = compare([GOOD, configuration("later", [20.0, 20.5], first=7)], higher_is_better=True)
    assert (second.difference, second.p_value, second.tied) == (None, None, None)
    assert "Not tested: later (no seed or fold is in common)." in remarks([first, second])


def test_without_a_metric_of_each_image_nothing_is_paired():
    _, second = compare([configuration("a", [2.0]), configuration("b", [1.0])], higher_is_better=True)
    assert "not recorded" in second.unpaired


def test_without_a_true_difference_few_comparisons_find_one():
    draws = np.random.default_rng(3).normal(20, 1, (2000, 2, 5))
    rows = [compare([configuration("a", list(one)), configuration("b", list(two))], True) for one, two in draws]
    assert np.mean([row[1].tied is False for row in rows]) <= 0.06
