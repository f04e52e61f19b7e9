"""The options that a run was composed of, by name: `model=dense_vae`, `corruption=downscale+noise`, `loss=mse+kl`."""

from collections.abc import Mapping

from aeexp.config.options import classes_in, option_with, train_defaults

CHOICES = ("model", "dataset", "augmentation", "corruption", "loss", "optimizer", "schedule", "experiment")
"""The groups by which runs are told apart."""

ORDER = ("downscale", "bce", "mse", "mae")
"""Components that are named first: the change of size, and the reconstruction error before what constrains the code."""


def default_choice(group: str) -> str:
    """What `aeexp train` chooses in a group on its own; empty for nothing."""
    chosen = train_defaults().get(group)
    return "+".join(chosen) if isinstance(chosen, list) else str(chosen or "")


def choices(params: Mapping[str, str]) -> dict[str, str]:
    """The options that the params of a run name, or that are concluded from its classes: older runs recorded these."""
    found = {group: params[group] for group in CHOICES if params.get(group) not in (None, "", "None", "{}")}
    for group, value in _concluded(params).items():
        found.setdefault(group, value)
    return found


def _concluded(params: Mapping[str, str]) -> dict[str, str]:
    found = {
        "model": option_with("model", _classes(params, "model")),
        "dataset": option_with("dataset", _classes(params, "dataset")),
        "augmentation": _members(params, "augmentation"),
        "corruption": _members(params, "corruption") or ("none" if "corruption" in params else ""),
        "loss": _members(params, "loss"),
        "optimizer": option_with("optimizer", _classes(params, "optimizer")),
    }
    return {group: value for group, value in found.items() if value}


def _classes(params: Mapping[str, str], group: str) -> dict[str, str]:
    """The class of what was chosen in a group, or those of its parts."""
    prefix = f"{group}."
    return classes_in({key.removeprefix(prefix): params[key] for key in params if key.startswith(prefix)})


def _members(params: Mapping[str, str], group: str) -> str:
    """The named components of a group that can hold several."""
    names = set(_classes(params, group))
    first = [name for name in ORDER if name in names]
    return "+".join([*first, *sorted(names - set(first))])
