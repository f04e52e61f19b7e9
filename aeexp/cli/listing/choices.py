"""The options that a run was composed of, by name: `model=dense_vae`, `corruption=downscale+noise`, `loss=mse+kl`."""

from collections.abc import Mapping
from functools import cache

from aeexp.config.options import options, parts, train_defaults

CHOICES = ("model", "dataset", "corruption", "loss", "optimizer", "experiment")
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
        "model": _model(params),
        "dataset": _module(params.get("dataset._target_", "")),
        "corruption": _members(params, "corruption") or ("none" if "corruption" in params else ""),
        "loss": _members(params, "loss"),
        "optimizer": params.get("optimizer._target_", "").rpartition(".")[2].lower(),
    }
    return {group: value for group, value in found.items() if value}


def _model(params: Mapping[str, str]) -> str:
    """The option of the group `model` with the classes of a run, or the names of its own classes."""
    architecture, bottleneck = (
        _module(params.get(f"model.{part}._target_", "")) for part in ("architecture", "bottleneck")
    )
    if not architecture:
        return ""
    return _models().get((architecture, bottleneck), f"{architecture}+{bottleneck}" if bottleneck else architecture)


@cache
def _models() -> dict[tuple[str, str], str]:
    pairs = ((parts("model", option), option) for option in options("model"))
    return {
        (part["architecture"], part["bottleneck"]): option for part, option in reversed(list(pairs)) if len(part) > 1
    }


def _members(params: Mapping[str, str], group: str) -> str:
    """The named components of a group that can hold several."""
    names = {key.split(".")[1] for key in params if key.startswith(f"{group}.") and key.endswith("._target_")}
    first = [name for name in ORDER if name in names]
    return "+".join([*first, *sorted(names - set(first))])


def _module(target: str) -> str:
    """The name that a class shares with its file and its option: `dense` of `aeexp.….dense.Dense`."""
    return target.split(".")[-2] if "." in target else target
