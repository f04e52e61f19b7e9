"""Rounding of metrics for people: an interval to two digits of its width, a p value to what it can say."""

from math import floor, isfinite, log10

SMALLEST_P = 0.0001
"""Below it a p value is only said to be smaller."""

DIGITS = 4
"""Significant digits at most."""


def interval_text(low: float, high: float) -> str:
    """An interval such as `20.05 to 20.15`; `unknown` where an end is no number."""
    if not (isfinite(low) and isfinite(high)):
        return "unknown"
    return " to ".join(rounded(end, low, high) for end in (low, high))


def rounded(value: float, low: float, high: float) -> str:
    """A value in the digits that its interval supports, four at most."""
    largest = max(abs(value), abs(low), abs(high))
    if not (isfinite(largest) and low < high and SMALLEST_P <= largest < 10**DIGITS):
        return f"{value:.{DIGITS}g}"
    supported = 1 - floor(log10(high - low))
    places = max(0, min(supported, DIGITS - 1 - floor(log10(largest))))
    return f"{value:.{places}f}"


def p_text(p_value: float) -> str:
    """A p value in two digits, such as `0.03`; `<0.0001` for what is smaller than a test can tell."""
    return f"<{SMALLEST_P}" if p_value < SMALLEST_P else f"{p_value:.2g}"
