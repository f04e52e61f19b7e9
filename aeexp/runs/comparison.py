"""Comparison of trained configurations by a metric: means with intervals, and paired tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """

    id: str
    value: float
    images: Callable[[], np.ndarray | None] = lambda: None


@dataclass(frozen=True)
class Configuration:
    """Trainings that differ only in what repeats them.

    Args:
        name: what tells it apart from the others.
        trainings: by repetition.
        same_images: whether all configurations were tested on the same images with the same corruption.
    """

    name: str
    trainings: Mapping[Repetition, Trained]
    same_images: bool = True

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

    def against(self, other: "Configuration") -> tuple[Difference | None, str]:
        """How far the mean is above that of another, and what was paired; None where nothing can be.

        By seed or fold where two or more are in common; else by image within one that is.
        """
        common = [each for each in self.trainings if each in other.trainings]
        if len(common) > 1:
            mine, theirs = ([each.trainings[key].value for key in common] for each in (self, other))
            return paired_difference(mine, theirs), f"{len(common)} seeds or folds"
        if common and self.same_images:
            first, second = (each.trainings[common[0]].images() for each in (self, other))
            if first is not None and second is not None and len(first) == len(second) > 1:
                return paired_difference_over_images(first, second), f"{len(first):,} images of one training"
        return None, ""


@dataclass(frozen=True)
class ComparedRow:
    """A configuration beside the others.

    Args:
        runs: number of its trainings.
        difference: to the baseline or else to the best; None for that itself, and where nothing can be paired.
        paired_by: what the difference was paired by.
        p_value: of the difference, corrected for the number of rows.
        tied: whether it cannot be told apart from the best, corrected in the same way; None where it is not known.
    """

    name: str
    runs: int
    mean: float
    interval: Interval
    difference: Difference | None = None
    paired_by: str = ""
    p_value: float | None = None
    tied: bool | None = None


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
    return [replace(differences[each.name], tied=_is_tied(to_best[each.name], each is best)) for each in ranked]


def _is_tied(row: ComparedRow, is_best: bool) -> bool | None:
    if is_best:
        return True
    return None if row.p_value is None else row.p_value > SIGNIFICANCE


def _against(ranked: Sequence[Configuration], reference: Configuration) -> dict[str, ComparedRow]:
    """The rows by name, with p values corrected for the number of differences."""
    found = {each.name: each.against(reference) for each in ranked if each is not reference}
    known = {name: difference.p_value for name, (difference, _) in found.items() if difference}
    corrected = dict(zip(known, holm(list(known.values())), strict=True))
    rows = {}
    for each in ranked:
        difference, paired_by = found.get(each.name, (None, ""))
        p_value = corrected.get(each.name)
        rows[each.name] = ComparedRow(
            each.name, len(each.trainings), each.mean, each.interval, difference, paired_by, p_value
        )
    return rows


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
    if len(rows) > 1 and any(row.difference is None for row in rows[1:]) and all(row.tied is None for row in rows[1:]):
        said.append("No seed and no test images are shared, so that nothing can be paired.")
    return said
