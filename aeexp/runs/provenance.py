"""Provenance of a run: its config, code, data and environment, so that anybody can repeat it."""

import hashlib
import json
from dataclasses import asdict
from importlib.metadata import version

import keras
from omegaconf import DictConfig, OmegaConf

from aeexp.config.infrastructure import without_infrastructure
from aeexp.config.overrides import DEFAULTS, named, overridden
from aeexp.config.paths import with_absolute_paths
from aeexp.corruptions.chain import Chain
from aeexp.datasets.binarization import NONE
from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.evaluation.result import PSNR
from aeexp.evaluation.source import Source
from aeexp.runs.code_version import code_tags, source_tags
from aeexp.runs.environment import environment
from aeexp.runs.factory import Components
from aeexp.runs.params import command_overrides, run_params
from aeexp.runtime.credentials import redacted
from aeexp.runtime.notebook import displays_hidden
from aeexp.tracking.tags import (
    HIGHER_IS_BETTER_TAG,
    KIND_TAG,
    LOWER_IS_BETTER_TAG,
    PARENT_TAG,
    PROTOCOL_TAG,
    VALIDATION_IS_TEST,
)
from aeexp.tracking.tracker import DatasetSpec, RunSpec
from aeexp.types import Shape

MODEL_FORMAT = 1
"""Rises when a run can no longer be rebuilt by older versions."""


def describe_run(config: DictConfig, parts: Components) -> RunSpec:
    """Specification of a training run: settings as params, code as tags, data by digest, the files that repeat it."""
    overrides = command_overrides()
    stored = redacted(without_infrastructure(OmegaConf.to_container(config, resolve=True)))  # type: ignore[arg-type]
    stored["dataset"] = with_absolute_paths(stored["dataset"])
    stored["metric"] = {name: with_absolute_paths(node) for name, node in stored["metric"].items()}
    stored["dataset"].setdefault("split", asdict(parts.dataset.split))  # without it, validation would be test
    return RunSpec(
        name=config.name or named(overridden(overrides)) or DEFAULTS,
        params=run_params(config),
        tags={
            KIND_TAG: "training",
            PROTOCOL_TAG: _protocol(parts),
            **_directions(parts),
            **source_tags(),
            **code_tags(stored),
        },
        datasets={
            split: describe_dataset(config.dataset, parts.dataset, images) for split, images in parts.splits.items()
        },
        texts={
            "config.yaml": OmegaConf.to_yaml(OmegaConf.create(stored)),
            "overrides.yaml": OmegaConf.to_yaml(OmegaConf.create(overrides)),
            "environment.json": json.dumps(environment(), indent=2),
            "model.json": _about_model(parts.splits["test"].images.shape[1:], parts.model),
            "model_summary.txt": _summary(parts.model),
        },
    )


def describe_evaluation(
    run_id: str, data: DictConfig, dataset: Dataset, splits: dict[Split, LabelledImages]
) -> RunSpec:
    """Specification of an evaluation, recorded beneath the trained run.

    Args:
        data: the nodes `dataset` and `corruption` in use.
    """
    params = run_params(data)
    chosen = {group: params[group] for group in ("dataset", "corruption")}
    set_in = {
        key: value
        for key, value in overridden(command_overrides()).items()
        if key.split(".")[0] in data and key not in data
    }
    return RunSpec(
        name=f"evaluate {named({**chosen, **set_in})}",
        params={"run": run_id, **params},
        tags={KIND_TAG: "evaluation", PARENT_TAG: run_id, **source_tags(), **code_tags(data)},
        datasets={context: describe_dataset(data.dataset, dataset, images) for context, images in splits.items()},
        texts={"environment.json": json.dumps(environment(), indent=2)},
    )


def describe_transfer(run_ids: list[str], datasets: list[str]) -> RunSpec:
    """Specification of a transfer: several runs on several data sets."""
    return RunSpec(
        name=f"transfer to {', '.join(datasets)}",
        params={"runs": run_ids, "datasets": datasets},
        tags={KIND_TAG: "transfer", **source_tags(), **code_tags({})},
        texts={"environment.json": json.dumps(environment(), indent=2)},
    )


def _protocol(parts: Components) -> str:
    """Which images the training chooses by."""
    split = parts.dataset.split
    if "validation" not in parts.splits:
        return VALIDATION_IS_TEST
    count = len(parts.splits["validation"])
    if parts.dataset.source("validation") == "validation":
        return f"validation is of the data set: {count} images"
    if split.folds:
        return f"validation is fold {split.fold} of {split.folds} folds: {count} images"
    return f"validation is held out: {count} images"


def _directions(parts: Components) -> dict[str, str]:
    """The names, without their beginnings, of the recorded numbers of which more or less is better, as tags."""
    higher = [name for name, metric in parts.metrics.items() if metric.higher_is_better]
    higher += [name for name, is_higher in parts.objective.directions.items() if is_higher and name not in higher]
    lower = dict.fromkeys(name for name in [*parts.objective.names, *parts.metrics] if name not in higher)
    higher += [PSNR] if PSNR not in parts.metrics else []
    higher += [name for report in parts.reports for name in report.higher_is_better]
    return {HIGHER_IS_BETTER_TAG: " ".join(higher), LOWER_IS_BETTER_TAG: " ".join(lower)}


def describe_source(run: str, dataset: Dataset, corruption: Chain, images: int, split: Split = "test") -> Source:
    """Run and data, as figures name them below their titles."""
    binary = "" if dataset.binarization == NONE else f" ({dataset.binarization} binarization)"
    return Source(run, _name(dataset) + binary, corruption.description, images, split)


def describe_dataset(config: DictConfig, dataset: Dataset, split: LabelledImages) -> DatasetSpec:
    """Specification of a split of a data set."""
    return DatasetSpec(
        name=_name(dataset),
        digest=digest(split),
        source=OmegaConf.to_container(config, resolve=True),  # type: ignore[arg-type]
        profile={
            "images": len(split.images),
            "shape": list(split.images.shape[1:]),
            "classes": len(dataset.class_names),
        },
    )


def digest(split: LabelledImages) -> str:
    """The SHA-256 of all pixels and labels, cut to the limit of MLflow."""
    content = hashlib.sha256(split.images.data)
    if split.labels is not None:
        content.update(split.labels.data)
    return content.hexdigest()[:32]


def _name(dataset: Dataset) -> str:
    return type(dataset).__module__.rpartition(".")[2]


def weight_shapes(model: keras.Model) -> list[list[int]]:
    """The shape of each weight in order: Keras loads weights without a word into a network that lacks some of them."""
    return [list(weight.shape) for weight in model.weights]


def _about_model(image_shape: Shape, model: keras.Model) -> str:
    about = {"format": MODEL_FORMAT, "aeexp": version("aeexp"), "image_shape": list(image_shape)}
    return json.dumps({**about, "weights": weight_shapes(model)})


def _summary(model: keras.Model) -> str:
    lines: list[str] = []
    with displays_hidden():
        model.summary(print_fn=lines.append, expand_nested=True, line_length=100)
    return "\n".join(lines)
