import math

from aeexp.runs.reproduction import Difference, differences

BEFORE = {"val/loss": {1: 2.0, 2: 1.0}, "test/psnr": {0: 20.0}}


def test_the_same_is_no_difference():
    assert differences(BEFORE, {name: dict(series) for name, series in BEFORE.items()}, 0.0) == ([], 3)


def test_the_first_step_and_the_largest_difference():
    after = {"val/loss": {1: 1.0, 2: 1.01}, "test/psnr": {0: 20.0}}
    (found,), _ = differences(BEFORE, after, 0.0)
    assert found == Difference("val/loss", 2, (1, 2.0, 1.0), 0.5)


def test_the_last_bit_counts_unless_a_tolerance_is_given():
    after = {**BEFORE, "test/psnr": {0: math.nextafter(20.0, 21)}}
    assert [each.metric for each in differences(BEFORE, after, 0.0)[0]] == ["test/psnr"]
    assert differences(BEFORE, after, 1e-12)[0] == []


def test_what_is_missing_or_no_number_differs_from_a_number():
    after = {"val/loss": {1: 2.0}, "test/psnr": {0: math.nan}}
    found = {each.metric: each for each in differences(BEFORE, after, 0.5)[0]}
    assert found["val/loss"].first == (2, 1.0, None)
    assert found["test/psnr"].largest == math.inf


def test_no_number_twice_is_the_same():
    assert differences({"a": {0: math.nan}}, {"a": {0: math.nan}}, 0.0)[0] == []


def test_more_than_the_first_run_recorded_is_no_difference():
    assert differences({"a": {1: 1.0}}, {"a": {1: 1.0, 2: 3.0}, "b": {1: 1.0}}, 0.0) == ([], 1)
