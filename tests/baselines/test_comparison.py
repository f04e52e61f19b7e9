from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import pytest
import tensorflow as tf

from aeexp.baselines.baseline import Baseline, Examples, RestorationTask, Restorer
from aeexp.baselines.comparison import BaselineComparison
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.noise import Noise
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.evaluation.evaluator import Evaluator
from aeexp.evaluation.result import EvaluationResult
from aeexp.models.bottlenecks.deterministic import Deterministic
from tests.support.evaluations import METRICS, evaluator

TASK = RestorationTask((16, 16, 1), (16, 16, 1), corrupted=True, code_size=2)


@cache
def judge() -> Evaluator:
    """Judges an untrained denoiser."""
    return evaluator(Deterministic(), 2, corruption=Chain({"noise": Noise(mean=0.1, std=0.2)}))


@cache
def judged() -> EvaluationResult:
    return judge().all_images([])


@dataclass(frozen=True)
class Gray(Baseline):
    """Answers with an even image and counts how often it is fitted."""

    value: float
    fits: list[int] = field(default_factory=list, compare=False, repr=False)

    def adapt(self, task: RestorationTask) -> Self | None:
        return self

    def fit(self, task: RestorationTask, examples: Examples) -> Restorer:
        self.fits.append(len(examples(5)[0]))
        return lambda inputs: np.full_like(inputs, self.value)


@pytest.fixture
def comparison(tmp_path) -> BaselineComparison:
    return BaselineComparison(images=10, cache=str(tmp_path / "cache"))


def metrics(
    comparison: BaselineComparison,
    *baselines: Baseline,
    evaluation: EvaluationResult | None = None,
    train: CorruptedPairs | None = None,
    data: tuple[str, ...] = ("digest",),
) -> dict[str, float]:
    train, evaluation = train or judge().pairs, evaluation or judged()
    named = {f"gray{place}": baseline for place, baseline in enumerate(baselines)}
    return comparison.metrics(comparison.scores(named, TASK, train, evaluation, data), evaluation)


def test_baselines_are_scored_on_the_first_images(comparison):
    error = np.mean((judged().targets[:10] - 0.5) ** 2)
    assert metrics(comparison, Gray(0.5))["baseline/gray0/mse"] == pytest.approx(error, rel=1e-5)


def test_the_gain_is_over_the_best_on_the_same_images(comparison):
    numbers = metrics(comparison, Gray(0.0), Gray(0.5))
    ours = judged().metrics["psnr"][:10].mean()
    assert numbers["baseline/gray1/psnr"] > numbers["baseline/gray0/psnr"]
    assert numbers["gain/psnr"] == pytest.approx(ours - numbers["baseline/gray1/psnr"], abs=1e-5)


def test_without_baselines_there_is_no_gain(comparison):
    assert metrics(comparison) == {}


def test_probes_are_restored_in_the_order_of_their_indices(comparison):
    scores = comparison.scores({"gray": Gray(0.25)}, TASK, judge().pairs, judged(), ())
    assert scores["gray"].probes.shape == judged().at_probes().targets.shape


def test_another_model_on_the_same_images_finds_what_was_scored(comparison):
    first, second = Gray(0.5), Gray(0.5)
    better = replace(judged(), metrics=judged().metrics | {"psnr": judged().metrics["psnr"] + 1})
    before, after = metrics(comparison, first), metrics(comparison, second, evaluation=better)
    assert (first.fits, second.fits) == ([5], [])
    for name in ("gain/psnr", "gain/psnr_ci_low", "gain/psnr_ci_high"):
        assert after.pop(name) == pytest.approx(before.pop(name) + 1, abs=1e-4)
    assert after == before


@pytest.mark.parametrize(
    "other",
    [
        lambda: {"data": ("other digest",)},
        lambda: {"train": CorruptedPairs(judge().pairs.images, judge().pairs.corruption, 1)},
        lambda: {"train": CorruptedPairs(judge().pairs.images, Chain({"noise": Noise(mean=0.1, std=0.3)}), 0)},
        lambda: {"evaluation": replace(judged(), probes=(1,))},
        lambda: {"evaluation": replace(judged(), metric_functions={"psnr": METRICS["psnr"]})},
    ],
    ids=["data", "seed", "corruption", "probes", "metrics"],
)
def test_whatever_changes_the_images_is_scored_again(comparison, other):
    metrics(comparison, Gray(0.5))
    again = Gray(0.5)
    metrics(comparison, again, **other())
    assert again.fits


def test_other_fields_are_scored_again(comparison):
    metrics(comparison, Gray(0.5))
    assert metrics(comparison, Gray(0.4)) != metrics(comparison, Gray(0.5))


def test_few_training_images_are_enough(comparison):
    few = Gray(0.5)
    metrics(comparison, few, train=CorruptedPairs(tf.constant(judge().pairs.images[:2]), judge().pairs.corruption, 0))
    assert few.fits == [2]


def test_nothing_unfinished_is_left_in_the_cache(comparison):
    metrics(comparison, Gray(0.5))
    (file,) = Path(comparison.cache, "baselines").iterdir()
    assert file.stem.isalnum()


@pytest.mark.parametrize("damage", [b"", b"no archive", None])
def test_a_damaged_cache_is_scored_again(comparison, damage):
    before = metrics(comparison, Gray(0.5))
    (file,) = Path(comparison.cache, "baselines").iterdir()
    file.write_bytes(file.read_bytes()[:-40] if damage is None else damage)
    again = Gray(0.5)
    assert metrics(comparison, again) == before
    assert again.fits


def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path):
    (tmp_path / "cache").touch()
    assert "gain/psnr" in metrics(BaselineComparison(images=10, cache=str(tmp_path / "cache")), Gray(0.5))
