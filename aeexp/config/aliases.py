"""Aliases: older names of classes, keys and options, in stored configs and in commands.

The older name is on the left, the current one on the right, so that what was recorded still loads.
"""

import copy
from collections.abc import Mapping
from typing import Any

from aeexp.config.overrides import is_group, joined_options

IMAGE_METRICS = ("bce", "mse", "mae", "psnr", "ssim")
"""Metrics of runs that were recorded before there was a group of metrics."""

CLASSES = {
    "aeexp.bottlenecks.deterministic.Deterministic": "aeexp.models.bottlenecks.deterministic.Deterministic",
    "aeexp.bottlenecks.gaussian.Gaussian": "aeexp.models.bottlenecks.gaussian.Gaussian",
    "aeexp.models.conv.Conv": "aeexp.models.architectures.conv.Conv",
    "aeexp.models.dense.Dense": "aeexp.models.architectures.dense.Dense",
    "aeexp.models.residual.Residual": "aeexp.models.architectures.residual.Residual",
    "aeexp.models.unet.Unet": "aeexp.models.architectures.unet.Unet",
    "aeexp.comparison.Comparison": "aeexp.baselines.comparison.BaselineComparison",
    "aeexp.reports.prior_samples.PriorSamples": "aeexp.reports.samples.Samples",
    "aeexp.reports.keepsake.Keepsake": "aeexp.reports.probe_arrays.ProbeArrays",
    "aeexp.tracking.mlflow.Mlflow": "aeexp.tracking.mlflow.tracker.MlflowTracker",
    "aeexp.tracking.memory.Memory": "aeexp.tracking.memory.MemoryTracker",
}

KEYS = {
    "colour": "color",
    "loss.kl.warm_up": "loss.kl.warmup_epochs",
    "model.architecture.first_filters": "model.architecture.stem_filters",
    "report.keepsake": "report.probe_arrays",
    "report.prior_samples": "report.samples",
    "report.latent_quality.neighbours": "report.latent_quality.n_neighbors",
}
"""Dotted keys of the config of a command, each with all that lies below it."""

COMMAND_KEYS = {"report": {"metric": "sort"}, "compare": {"metric": "sort", "baseline": "reference"}}
"""Keys of a single command under names that are groups to Hydra: `metric` and `baseline`."""

ADDED: dict[str, Any] = {
    "metric": {name: {"_target_": f"aeexp.metrics.{name}.{name.capitalize()}"} for name in IMAGE_METRICS},
    "dataset.split": {"validation": "test", "folds": None, "fold": 0, "seed": 0},
    "dataset.classes": None,
    "dataset.test_classes": None,
    "dataset.binarization": "none",
    "augmentation": {},
    "trainer.validation_weights": "epoch",
    "trainer.keep": None,
    "schedule": {"_target_": "aeexp.training.schedules.constant.Constant", "warmup_epochs": 0},
    "callback": {},
    "sampler": {"prior": {"_target_": "aeexp.models.samplers.prior.Prior"}},
    "model.prior": {"_target_": "aeexp.models.priors.standard_normal.StandardNormal"},
}
"""Keys that older configs lack, with what these meant."""

ADDED_FIELDS: dict[str, dict[str, Any]] = {
    "aeexp.losses.kl.Kl": {"cycle_epochs": 0, "free_bits": 0.0, "capacity": None, "capacity_epochs": 0},
    "aeexp.models.architectures.conv.Conv": {
        "activation": "relu",
        "normalization": "none",
        "strided": False,
        "output_activation": None,
    },
    "aeexp.models.architectures.dense.Dense": {
        "activation": "relu",
        "normalization": "none",
        "output_activation": None,
    },
}
"""Fields that the nodes of classes lack in older configs, with what these meant."""

VALUES = {("color", "grey"): "gray", ("report", "keepsake"): "probe_arrays", ("report", "prior_samples"): "samples"}
"""Options of groups and values of keys, each by the current name of its group or key."""


def current_class(name: str) -> str:
    """The class that a `_target_` means today."""
    return CLASSES.get(name, name)


def current_key(key: str) -> str:
    """The dotted key that an older one means today."""
    for old, new in KEYS.items():
        if key == old or key.startswith(f"{old}."):
            return new + key.removeprefix(old)
    return key


def current_override(word: str, command: str = "train") -> str:
    """An override of a command, such as `+report.keepsake.points=5`, in today's names."""
    keys = COMMAND_KEYS.get(command, {})
    return _translated(word, lambda key: keys.get(key, current_key(key)), VALUES)


def former_override(word: str) -> str:
    """The same override as it was typed before its names changed."""
    values = {(key, new): old for (key, old), new in VALUES.items()}
    return _translated(word, former_key, values)


def former_key(key: str) -> str:
    """The name that a dotted key had before, or the key itself."""
    for old, new in KEYS.items():
        if key == new or key.startswith(f"{new}."):
            return old + key.removeprefix(new)
    return key


def recorded_param(params: Mapping[str, str], key: str) -> str:
    """A recorded param by its current name, or by the one that it had when the run was recorded; else empty.

    The choice in a group is its name, `downscale+noise` or `none`, also where an older version recorded the override.
    """
    names = (key.replace("/", "."), key, former_key(key))
    value = next((params[name] for name in names if name in params), "")
    return joined_options(value) if is_group(key) else value


def current_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """The stored config of a training, as plain values, in today's names; `config` itself stays as it is."""
    current = _renamed(config, "")
    for key, value in ADDED.items():
        *parents, name = key.split(".")
        node = current
        for parent in parents:
            node = node.get(parent, {})
        node.setdefault(name, copy.deepcopy(value))
    return current


def _renamed(node: Any, path: str) -> Any:
    if isinstance(node, Mapping):
        children = {str(name): (f"{path}.{name}" if path else str(name), child) for name, child in node.items()}
        fields = {current_key(place).rpartition(".")[2]: _renamed(child, place) for place, child in children.values()}
        return {**fields, **_missing(ADDED_FIELDS.get(str(fields.get("_target_")), {}), fields)}
    if path.endswith("._target_"):
        return current_class(str(node))
    return node


def _missing(added: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in added.items() if name not in fields}


def _translated(word: str, key_of: Any, values: Mapping[tuple[str, str], str]) -> str:
    key, equals, value = word.partition("=")
    bare = key.lstrip("+~")
    sign, current = key[: len(key) - len(bare)], current_key(bare.partition("@")[0])
    for (of_key, old), new in values.items():
        if current == of_key:
            parts = [new if part.strip() == old else part for part in value.strip("[]").split(",")]
            value = f"[{','.join(parts)}]" if value.startswith("[") else ",".join(parts)
    return f"{sign}{key_of(bare)}{equals}{value}"
