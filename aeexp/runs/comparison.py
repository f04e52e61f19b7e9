"""Comparison of trained configurations by a metric: means with intervals, and paired tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isnan

import numpy as np

from aeexp.evaluation.statistics import (
    UNKNOWN,
    Difference,
    Interval,
    holm,
    over_images,
    over_runs,
    paired_difference,
    paired_difference_over_images,
)

SIGNIFICANCE = 0.05

Repetition = tuple[str, ...]
"""The values of the keys that repeat a training, such as seed and fold."""


@dataclass(frozen=True)
class Trained:
    """One training of a configuration.

    Args:
        value: of the metric.
        images: reads the metric of each test image, [N]; None where it is not known.
        tested_on: what decides the images and their corruption, by the keys of the settings.
    """

    id: str
    value: float
    images: Callable[[], np.ndarray | None] = lambda: None
    tested_on: Mapping[str, str] = field(default_factory=dict)

    def differing(self, other: "Trained") -> list[str]:
        """The keys in which the test images or their corruption are others; empty where images can be paired."""
        keys = dict.fromkeys((*self.tested_on, *other.tested_on))
        return [key for key in keys if self.tested_on.get(key) != other.tested_on.get(key)]


@dataclass(frozen=True)
class Configuration:
    """Trainings that differ only in what repeats them.

    Args:
        name: what tells it apart from the others.
        trainings: by repetition.
    """

    name: str
    trainings: Mapping[Repetition, Trained]

    @property
    def mean(self) -> float:
        """The mean over the trainings."""
        return float(np.mean([each.value for each in self.trainings.values()]))

    @cached_property
    def interval(self) -> Interval:
        """The 95 % interval of the mean over the trainings; of a single one, over the images."""
        values = [each.value for each in self.trainings.values()]
        if len(values) > 1:
            return over_runs(values)
        (only,) = self.trainings.values()
        images = only.images()
        return UNKNOWN if images is None else over_images({"": images}).get("", UNKNOWN)

    def includes(self, run_id: str | None) -> bool:
        """Whether a run is one of its trainings."""
        return run_id in {each.id for each in self.trainings.values()}

    def against(self, other: "Configuration") -> "Pairing":
        """How far the mean is above that of another.

        By seed or fold where two or more are in common; else by image within one that is.
        """
        common = [each for each in self.trainings if each in other.trainings]
        if not common:
            return Pairing(None, "no seed or fold is in common")
        if len(common) > 1:
            mine, theirs = ([each.trainings[key].value for key in common] for each in (self, other))
            return Pairing(paired_difference(mine, theirs), f"{len(common)} seeds or folds")
        return _by_image(self.trainings[common[0]], other.trainings[common[0]])


@dataclass(frozen=True)
class Pairing:
    """A difference of two configurations.

    Args:
        difference: None where nothing can be paired.
        by: what was paired, or why nothing can be.
    """

    difference: Difference | None
    by: str


def _by_image(one: Trained, other: Trained) -> Pairing:
    """The difference of two trainings over the images that both were tested on."""
    if keys := one.differing(other):
        return Pairing(None, f"other {', '.join(keys)}")
    first, second = one.images(), other.images()
    if first is None or second is None:
        return Pairing(None, "the metric of each image is not recorded")
    if not len(first) == len(second) > 1:
        return Pairing(None, f"{len(first):,} and {len(second):,} images")
    return Pairing(paired_difference_over_images(first, second), f"{len(first):,} images of one training")


@dataclass(frozen=True)
class ComparedRow:
    """A configuration beside the others.

    Args:
        ids: of its trainings.
        difference: to the baseline or else to the best; None for that itself, and where nothing can be paired.
        paired_by: what the difference was paired by; empty where there is none.
        unpaired: why nothing can be paired; empty where something is.
        p_value: of the difference, corrected for the number of rows.
        tied: whether it cannot be told apart from the best, corrected in the same way; None where it is not known.
        is_baseline: whether differences are to it, by choice.
    """

    name: str
    ids: tuple[str, ...]
    mean: float
    interval: Interval
    difference: Difference | None = None
    paired_by: str = ""
    unpaired: str = ""
    p_value: float | None = None
    tied: bool | None = None
    is_baseline: bool = False

    @property
    def runs(self) -> int:
        """The number of its trainings."""
        return len(self.ids)


def compare(
    configurations: Sequence[Configuration], higher_is_better: bool, baseline: str | None = None
) -> list[ComparedRow]:
    """Rows of a table, the best mean first.

    Args:
        baseline: the name of the configuration that differences are to; None takes the best.
    """
    ranked = sorted(configurations, key=lambda each: (isnan(each.mean), -each.mean if higher_is_better else each.mean))
    best = ranked[0]
    reference = next((each for each in ranked if each.name == baseline), best)
    differences = _against(ranked, reference)
    to_best = differences if reference is best else _against(ranked, best)
    return [
        replace(
            differences[each.name],
            tied=_is_tied(to_best[each.name], each is best),
            is_baseline=each.name == baseline,
        )
        for each in ranked
    ]


def _is_tied(row: ComparedRow, is_best: bool) -> bool | None:
    if is_best:
        return True
    return None if row.p_value is None else row.p_value > SIGNIFICANCE


def _against(ranked: Sequence[Configuration], reference: Configuration) -> dict[str, ComparedRow]:
    """The rows by name, with p values corrected for the number of differences."""
    found = {each.name: each.against(reference) for each in ranked if each is not reference}
    known = {name: each.difference.p_value for name, each in found.items() if each.difference}
    corrected = dict(zip(known, holm(list(known.values())), strict=True))
    return {each.name: _row(each, found.get(each.name), corrected.get(each.name)) for each in ranked}


def _row(configuration: Configuration, pairing: Pairing | None, p_value: float | None) -> ComparedRow:
    """A row; without a pairing that of the configuration that differences are to."""
    row = ComparedRow(
        name=configuration.name,
        ids=tuple(each.id for each in configuration.trainings.values()),
        mean=configuration.mean,
        interval=configuration.interval,
        p_value=p_value,
    )
    if pairing is None or pairing.difference is None:
        return replace(row, unpaired=pairing.by if pairing else "")
    return replace(row, difference=pairing.difference, paired_by=pairing.by)


def remarks(rows: Sequence[ComparedRow]) -> list[str]:
    """What a reader must know of the intervals and tests, in sentences."""
    said = [
        "Intervals are 95 %; p values are corrected for the number of rows (Holm); tied: not told apart from the best."
    ]
    if single := [row for row in rows if row.runs == 1]:
        which = "all rows" if len(single) == len(rows) else ", ".join(row.name for row in single)
        said.append(f"One seed of {which}: the spread over seeds is unknown; the interval is over images.")
    if any("images" in row.paired_by for row in rows):
        said.append("A difference paired by images holds for these trained networks, not for other seeds.")
    reasons: dict[str, list[str]] = {}
    for row in rows:
        if row.unpaired:
            reasons.setdefault(row.unpaired, []).append(row.name)
    return [*said, *(f"Not tested: {', '.join(names)} ({reason})." for reason, names in reasons.items())]
