"""Rounding of metrics to what their intervals support."""

import math

import pytest

from aeexp.metrics.rounding import interval_text, p_text, rounded


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-0.002055, -0.0005922, "-0.0021 to -0.0006"),
        (20.0512, 20.1498, "20.05 to 20.15"),
        (20.05123, 20.05149, "20.05 to 20.05"),
        (8.194, 8.434, "8.19 to 8.43"),
        (-30.43, -27.44, "-30.4 to -27.4"),
        (812.2, 954.9, "812 to 955"),
        (3.0, 3.0, "3 to 3"),
        (1.2e-7, 3.4e-7, "1.2e-07 to 3.4e-07"),
        (math.nan, 1.0, "unknown"),
    ],
)
def test_an_interval_has_two_digits_of_its_width(low, high, text):
    assert interval_text(low, high) == text


def test_a_value_has_the_digits_of_its_interval():
    assert rounded(8.318, 8.194, 8.434) == "8.32"
    assert rounded(8.31812, math.nan, math.nan) == "8.318"
    assert rounded(math.inf, 0.0, 1.0) == "inf"


@pytest.mark.parametrize(("p_value", "text"), [(0.0, "<0.0001"), (3e-9, "<0.0001"), (0.0312, "0.031"), (1.0, "1")])
def test_a_p_value_is_never_nothing(p_value, text):
    assert p_text(p_value) == text
