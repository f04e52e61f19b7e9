"""Options of config groups, read from their files without Hydra: what they are made of, and their default values."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aeexp.config.aliases import current_class
from aeexp.config.paths import CONF

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


EXPERIMENT = "experiment"
"""The group whose options may lie in folders: `published/vae_400`; a folder within another group is a group."""


def option_files(group: str, folder: Path = CONF) -> dict[str, Path]:
    """The files of a group's options by their names, sorted.

    Args:
        folder: of configs.
    """
    place = folder / group
    found = place.glob("**/*.yaml" if group == EXPERIMENT else "*.yaml")
    return {path.relative_to(place).with_suffix("").as_posix(): path for path in sorted(found)}


@cache
def options(group: str) -> tuple[str, ...]:
    """The options of a group that the package has."""
    return tuple(option_files(group))


@cache
def parts(group: str, option: str) -> dict[str, str]:
    """The options that an option is made of, by subgroup: `architecture: dense, bottleneck: gaussian`."""
    listed = [each for each in content(group, option).get("defaults", []) if isinstance(each, dict)]
    chosen = {str(key).partition("@")[0]: value for each in listed for key, value in each.items()}
    return {key: value for key, value in chosen.items() if isinstance(value, str) and not key.startswith("override")}


@cache
def default_values(group: str, option: str) -> dict[str, Any]:
    """The values of an option by dotted key beneath its group; empty for an option that the package lacks."""
    values: dict[str, Any] = {}
    for subgroup, part in parts(group, option).items():
        below = default_values(f"{group}/{subgroup}", part)
        values |= {f"{subgroup}.{key}": value for key, value in below.items()}
    node = {key: value for key, value in content(group, option).items() if key != "defaults"}
    own = node.get(group) if isinstance(node.get(group), dict) else node  # of a preset that sets keys of other groups
    return values | flatten(own)


def defaults_of(key: str) -> list[Any]:
    """The default values of a dotted key, in each option or command that has it."""
    group, _, field = key.partition(".")
    values = [default_values(group, option) for option in options(group)] if field else map(_load, CONF.glob("*.yaml"))
    return [each[field or key] for each in values if (field or key) in each]


def option_with(group: str, classes: Mapping[str, str]) -> str:
    """The option of a group with these classes, or the names of the classes where the package has no such option.

    Of several options, such as presets that differ in their values, it is the one that is named after a class.

    Args:
        classes: by subgroup, such as `architecture`; by "" where an option is a single class. Empty gives "".
    """
    current = {part: current_class(name) for part, name in classes.items()}
    names = [class_name(each) for each in current.values()]
    found = [option for option in options(group) if current and current.items() <= _classes(group, option).items()]
    plain = [option for option in found if any(name in option for name in names)]
    return next(iter(plain or found), "+".join(names))


def class_name(path: str) -> str:
    """The name that a class shares with its file and its option: `dense` of `aeexp.….dense.Dense`."""
    module, _, name = path.rpartition(".")
    return name.lower() if module.startswith("keras.") else module.rpartition(".")[2] or name


def classes_in(values: Mapping[str, Any]) -> dict[str, str]:
    """The classes among values by dotted key, such as `architecture._target_`, as `option_with` takes them."""
    return {key.removesuffix("_target_").rstrip("."): values[key] for key in values if key.endswith("_target_")}


@cache
def _classes(group: str, option: str) -> dict[str, str]:
    return classes_in(default_values(group, option))


@cache
def train_defaults() -> dict[str, Any]:
    """What `aeexp train` takes on its own: the options of each group by name, and the values of its plain keys."""
    node = _load(CONF / "train.yaml")
    chosen = {str(key): value for each in node["defaults"] if isinstance(each, dict) for key, value in each.items()}
    groups = {key: value for key, value in chosen.items() if not key.startswith("override")}
    return {key: value for key, value in node.items() if key not in ("defaults", "hydra")} | groups


@cache
def content(group: str, option: str) -> dict[str, Any]:
    """The file of an option; empty for one that the package lacks."""
    return _load(CONF / group / f"{option}.yaml") if option in options(group) else {}


def _load(path: Path) -> dict[str, Any]:
    node = yaml.load(path.read_text(encoding="utf-8"), LOADER)
    return node if isinstance(node, dict) else {}


def flatten(node: Any, prefix: str = "") -> dict[str, Any]:
    """A nested mapping as one level with dotted keys; lists stay values."""
    if not isinstance(node, dict) or not node:
        return {prefix: node} if prefix else {}
    flat: dict[str, Any] = {}
    for key, value in node.items():
        flat |= flatten(value, f"{prefix}.{key}" if prefix else str(key))
    return flat
