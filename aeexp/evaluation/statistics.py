"""Statistics of metrics: their spread over images and their spread over trainings, which are two things.

The spread over images says how far the mean of one trained network depends on which images it is tested on; the spread
over seeds or folds says how far it depends on the training. All tests are those of `scipy.stats`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from aeexp.metrics.interval_names import HIGH, LOW

CONFIDENCE = 0.95
RESAMPLES = 1000
BATCH = 20
"""Resamples in memory at a time."""


class Interval(NamedTuple):
    """Ends of a 95 % confidence interval; NaN where it is unknown."""

    low: float
    high: float


class Difference(NamedTuple):
    """Mean of paired differences with its 95 % confidence interval, and the p value of a paired test."""

    mean: float
    low: float
    high: float
    p_value: float


UNKNOWN = Interval(float("nan"), float("nan"))


def over_images(values: Mapping[str, np.ndarray]) -> dict[str, Interval]:
    """Bootstrap interval (percentile, 1,000 resamples) of the mean of each metric over the same images.

    Args:
        values: [N] by metric. Those with one value, or with one that is not finite, have no interval.
    """
    from scipy.stats import bootstrap

    known = {name: each for name, each in values.items() if len(each) > 1 and np.isfinite(each).all()}
    if not known:
        return {}
    found = bootstrap(
        (np.stack([np.asarray(each, float) for each in known.values()]),),
        np.mean,
        axis=-1,
        n_resamples=RESAMPLES,
        batch=BATCH,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return {
        name: Interval(float(low), float(high)) for name, low, high in zip(known, found.low, found.high, strict=True)
    }


def over_runs(values: Sequence[float]) -> Interval:
    """The t interval of the mean over seeds or folds; unknown for a single value."""
    from scipy.stats import ttest_1samp

    if len(values) < 2 or not np.isfinite(values).all():
        return UNKNOWN
    if np.ptp(values) == 0:
        return Interval(float(values[0]), float(values[0]))
    low, high = ttest_1samp(values, 0).confidence_interval(CONFIDENCE)
    return Interval(float(low), float(high))


def paired_difference(values: Sequence[float] | np.ndarray, others: Sequence[float] | np.ndarray) -> Difference:
    """How far one mean is above another, of pairs that share their seed or fold: t interval and paired t test.

    Args:
        values: [N].
        others: [N], in the same order.

    Raises:
        ValueError: for fewer than two pairs.
    """
    from scipy.stats import ttest_rel

    differences = np.asarray(values, float) - np.asarray(others, float)
    if len(differences) < 2:
        raise ValueError(f"a paired difference needs two pairs. Received {len(differences)}.")
    mean = float(differences.mean())
    if np.ptp(differences) == 0:
        return Difference(mean, mean, mean, 1.0 if mean == 0 else 0.0)
    test = ttest_rel(values, others)
    low, high = test.confidence_interval(CONFIDENCE)
    return Difference(mean, float(low), float(high), float(test.pvalue))


def paired_difference_over_images(values: np.ndarray, others: np.ndarray) -> Difference:
    """The same of pairs that share their image, whose differences are not normal.

    The interval is that of the bootstrap; the test is Wilcoxon's signed-rank test.

    Args:
        values: [N].
        others: [N], in the same order.

    Raises:
        ValueError: for fewer than two pairs.
    """
    from scipy.stats import wilcoxon

    differences = np.asarray(values, float) - np.asarray(others, float)
    if np.ptp(differences) == 0:
        return paired_difference(values, others)
    low, high = over_images({"": differences}).get("", UNKNOWN)
    return Difference(float(differences.mean()), low, high, float(wilcoxon(differences).pvalue))


def holm(p_values: Sequence[float]) -> list[float]:
    """p values corrected for their number (Holm, "A simple sequentially rejective multiple test procedure", 1979)."""
    order = np.argsort(p_values, kind="stable")
    factors = len(p_values) - np.arange(len(p_values))
    corrected = np.minimum(1, np.maximum.accumulate(np.asarray(p_values, float)[order] * factors))
    return [float(corrected[place]) for place in np.argsort(order)]


def with_intervals(values: Mapping[str, np.ndarray]) -> dict[str, float]:
    """The mean of each metric over images, and the ends of its interval as `…_ci_low` and `…_ci_high`."""
    named = {name: float(np.mean(each)) for name, each in values.items()}
    for name, interval in over_images(values).items():
        named |= {f"{name}{LOW}": interval.low, f"{name}{HIGH}": interval.high}
    return named
