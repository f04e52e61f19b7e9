"""Evaluators of a training: of its model on the images of each split."""

from omegaconf import DictConfig

from aeexp.datasets.dataset import Split
from aeexp.evaluation.evaluator import Evaluator
from aeexp.evaluation.samples import SampleSource
from aeexp.runs.factory import Components
from aeexp.runs.provenance import describe_source
from aeexp.runs.soundness import existing_probes


def evaluator_of(
    parts: Components,
    config: DictConfig,
    run: str,
    samples: SampleSource,
    split: Split,
    *,
    strict: bool = False,
    alike: Evaluator | None = None,
) -> Evaluator:
    """The evaluator of the model on a split.

    Args:
        run: the name of the run.
        samples: of new images.
        strict: whether to refuse probes that the split does not have.
        alike: the evaluator of the model on another split.
    """
    pairs = parts.pairs(split, config.seed)
    return Evaluator(
        model=parts.model,
        pairs=pairs,
        metrics=parts.metrics,
        labels=parts.splits[split].labels,
        class_names=parts.dataset.class_names,
        names=parts.splits[split].names,
        probes=existing_probes(config.probes, len(pairs), strict=strict),
        objective=parts.objective,
        factors=parts.dataset.factors(split),
        source=describe_source(run, parts.dataset, parts.corruption, len(pairs), split),
        samples=samples,
        alike=alike,
    )
