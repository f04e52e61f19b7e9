"""What a command can configure: its keys, its groups and their options."""

from collections.abc import Iterator
from functools import cache

import yaml
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf

from aeexp.config.options import content, options
from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas

LISTS = ("augmentation", "corruption", "loss", "metric", "report", "baseline", "callback", "sampler")
"""Groups of which several options can be chosen at once."""


def groups(command: str) -> list[str]:
    """The groups that a command chooses from."""
    defaults = yaml.safe_load((CONF / f"{command}.yaml").read_text())["defaults"]
    names = [str(name) for entry in defaults if isinstance(entry, dict) for name in entry]
    return [name for name in names if not name.startswith("override ")]


def choices_with(key: str) -> list[str]:
    """The overrides that choose an option which has a key, such as `dataset=folder` for `dataset.path`."""
    parent, _, field = key.rpartition(".")
    group, _, option = parent.rpartition(".")
    whole = parent.replace(".", "/")
    found = [f"{whole}={name}" for name in options(whole) if field in content(whole, name)]
    return found or ([f"{group}={option}"] if field in content(group, option).get(option, {}) else [])


def choices_of(option: str, command: str) -> list[str]:
    """The overrides that choose an option of this name, such as `experiment=vae`."""
    return [f"{group}={option}" for group in groups(command) if option in options(group)]


@cache
def known_keys(command: str, *overrides: str) -> list[str]:
    """The dotted keys of a command's config with some overrides, or without any if these are wrong as well."""
    register_schemas()
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        try:
            return list(_keys(compose(command, list(overrides))))
        except HydraException:
            return list(_keys(compose(command)))


def _keys(node: DictConfig, prefix: str = "") -> Iterator[str]:
    for name in map(str, node):
        key = f"{prefix}{name}"
        yield key
        has_value = not OmegaConf.is_missing(node, name) and not OmegaConf.is_interpolation(node, name)
        if has_value and isinstance(node[name], DictConfig):
            yield from _keys(node[name], f"{key}.")
