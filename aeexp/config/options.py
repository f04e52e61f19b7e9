"""Options of config groups, read from their files without Hydra: what they are made of, and their default values."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aeexp.config.paths import CONF

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def options(group: str) -> tuple[str, ...]:
    """The options of a group that the package has."""
    return tuple(sorted(path.stem for path in (CONF / group).glob("*.yaml")))


@cache
def parts(group: str, option: str) -> dict[str, str]:
    """The options that an option is made of, by subgroup: `architecture: dense, bottleneck: gaussian`."""
    listed = [each for each in _read(group, option).get("defaults", []) if isinstance(each, dict)]
    chosen = {str(key): value for each in listed for key, value in each.items()}
    return {key: value for key, value in chosen.items() if isinstance(value, str) and not key.startswith("override")}


@cache
def default_values(group: str, option: str) -> dict[str, Any]:
    """The values of an option by dotted key beneath its group; empty for an option that the package lacks."""
    values: dict[str, Any] = {}
    for subgroup, part in parts(group, option).items():
        below = default_values(f"{group}/{subgroup}", part)
        values |= {f"{subgroup}.{key}": value for key, value in below.items()}
    return values | {key: value for key, value in _flat(_read(group, option)).items() if key != "defaults"}


@cache
def train_defaults() -> dict[str, Any]:
    """What `aeexp train` takes on its own: the options of each group by name, and the values of its plain keys."""
    node = _load(CONF / "train.yaml")
    chosen = {str(key): value for each in node["defaults"] if isinstance(each, dict) for key, value in each.items()}
    groups = {key: value for key, value in chosen.items() if not key.startswith("override")}
    return {key: value for key, value in node.items() if key not in ("defaults", "hydra")} | groups


def _read(group: str, option: str) -> dict[str, Any]:
    path = Path(CONF, group, f"{option}.yaml")
    if option not in options(group):
        return {}
    return _load(path)


def _load(path: Path) -> dict[str, Any]:
    node = yaml.load(path.read_text(encoding="utf-8"), LOADER)
    return node if isinstance(node, dict) else {}


def _flat(node: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in node.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat
