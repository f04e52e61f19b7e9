"""The model beside the baselines, on the same images."""

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import tensorflow as tf

from aeexp.baselines.baseline import Baseline, RestorationTask
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.evaluation.statistics import with_intervals
from aeexp.metrics.metric import measure
from aeexp.runtime.files import atomic_write
from aeexp.runtime.interrupts import check_interrupt
from aeexp.runtime.random import EVALUATION_EPOCH

READ_ERRORS = (OSError, KeyError, ValueError, EOFError, BadZipFile, zlib.error)


@dataclass(frozen=True)
class BaselineScore:
    """What a baseline achieves: the means of its metrics, its PSNR of each image, and the probe images as restored.

    Args:
        psnr: [N] of the images that are compared; empty where it is not measured.
        probes: the probe images as the baseline restores them.
    """

    metrics: dict[str, float]
    psnr: np.ndarray
    probes: np.ndarray


@dataclass(frozen=True)
class BaselineComparison:
    """Evaluates baselines, each only once: they do not depend on the model, so all runs on the same images share them.

    Args:
        images: test images that are compared, the first ones.
        cache: folder of the scores that earlier runs found.
    """

    images: int
    cache: str

    def __post_init__(self) -> None:
        if self.images < 1:
            raise ConfigError(f"`images` must be at least 1. Received images={self.images}.")

    def scores(
        self,
        baselines: Mapping[str, Baseline],
        task: RestorationTask,
        train: CorruptedPairs,
        evaluation: EvaluationResult,
        data: Sequence[str],
    ) -> dict[str, BaselineScore]:
        """Fit each baseline on training images and restore what the model restored.

        Args:
            data: what the images of both pairs are known by, such as digests.
        """
        measured = list(evaluation.metric_functions.values())
        drawn = [train.corruption, train.seed, train.binarize]
        known = [version("aeexp"), *data, *drawn, self.images, evaluation.probes, measured]
        return {
            name: self._cached(
                cache_key([*known, baseline.version, baseline]), partial(self._score, baseline, task, train, evaluation)
            )
            for name, baseline in baselines.items()
        }

    def metrics(self, scores: Mapping[str, BaselineScore], evaluation: EvaluationResult) -> dict[str, float]:
        """`baseline/<name>/<metric>`, and `gain/psnr`: by how many dB the model beats the best on the same images.

        The gain has an interval over the images, of the differences of each.
        """
        metrics = {
            f"baseline/{name}/{metric}": value
            for name, score in scores.items()
            for metric, value in score.metrics.items()
        }
        if scores and "psnr" in evaluation.metric_functions:
            best = max(scores.values(), key=lambda score: score.metrics["psnr"])
            psnr = evaluation.metrics["psnr"][: self.images]
            metrics |= with_intervals({"gain/psnr": psnr - best.psnr})
            metrics["gain/psnr"] = float(psnr.mean()) - best.metrics["psnr"]  # as rounded by older versions
        return metrics

    def _score(
        self, baseline: Baseline, task: RestorationTask, train: CorruptedPairs, evaluation: EvaluationResult
    ) -> BaselineScore:
        check_interrupt()
        restore = baseline.fit(task, lambda count: _examples(train, count))
        targets, probes = evaluation.targets[: self.images], evaluation.at_probes()
        values = measure(evaluation.metric_functions, targets, restore(evaluation.inputs[: self.images]))
        restored = restore(probes.inputs) if len(probes.indices) else probes.targets
        psnr = np.asarray(values.get("psnr", []), np.float32)
        return BaselineScore({name: float(np.mean(each)) for name, each in values.items()}, psnr, restored)

    def _cached(self, key: str, score: Callable[[], BaselineScore]) -> BaselineScore:
        path = Path(self.cache) / "baselines" / f"{key}.npz"
        if (known := _read(path)) is not None:
            return known
        found = score()
        with suppress(OSError):  # a folder that cannot be written to must not cost a finished training
            _write(path, found)
        return found


@dataclass(frozen=True)
class BaselineSuite:
    """The baselines of one task, ready to be evaluated beside a model.

    Args:
        data: what the images are known by, such as digests.
    """

    task: RestorationTask
    baselines: dict[str, Baseline]
    comparison: BaselineComparison
    train: CorruptedPairs
    data: tuple[str, ...]

    @classmethod
    def for_task(
        cls,
        task: RestorationTask,
        baselines: Mapping[str, Baseline],
        comparison: BaselineComparison,
        train: CorruptedPairs,
        data: Sequence[str],
    ) -> "BaselineSuite":
        """Those baselines that make sense for the task."""
        adapted = {name: each for name, baseline in baselines.items() if (each := baseline.adapt(task))}
        return cls(task, adapted, comparison, train, tuple(data))

    def evaluate(self, evaluation: EvaluationResult) -> tuple[dict[str, np.ndarray], dict[str, float]]:
        """The probe images as each baseline restores them, and the baselines' metrics beside the model's gain."""
        scores = self.comparison.scores(self.baselines, self.task, self.train, evaluation, self.data)
        restored = {name: score.probes for name, score in scores.items()}
        return restored, self.comparison.metrics(scores, evaluation)


def cache_key(parts: Sequence[object]) -> str:
    """A name for what frozen dataclasses and plain values lead to: nothing but their fields decides it."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _read(path: Path) -> BaselineScore | None:
    """None for what is not there, or is no score."""
    try:
        with np.load(path) as found:
            return BaselineScore(json.loads(str(found["metrics"])), found["psnr"], found["probes"])
    except READ_ERRORS:
        return None


def _write(path: Path, score: BaselineScore) -> None:
    with atomic_write(path) as part:
        np.savez(part, probes=score.probes, psnr=score.psnr, metrics=np.array(json.dumps(score.metrics)))


def _examples(train: CorruptedPairs, count: int) -> tuple[np.ndarray, np.ndarray]:
    batch = train.batch(tf.range(min(count, len(train))), EVALUATION_EPOCH, EVALUATION_EPOCH)
    return batch.corrupted.numpy(), batch.clean.numpy()
