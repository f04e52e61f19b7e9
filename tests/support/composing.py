"""Composition of configs in less time, for tests of what is done with them.

`aeexp train` is composed of fifty files, which takes Hydra longer than most tests take.
"""

import os
import pickle
from collections.abc import Sequence
from typing import Any

import pytest
from hydra._internal import defaults_list
from hydra._internal.config_loader_impl import ConfigLoaderImpl, get_overrides_dirname
from hydra._internal.config_repository import ConfigRepository
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType
from hydra.core.utils import JobRuntime
from hydra.errors import HydraException
from hydra.plugins.config_source import ConfigResult
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from aeexp.config.paths import CONF
from aeexp.runtime.compat import share_config_store

GROUPS = {path.name for path in CONF.iterdir() if path.is_dir()}

_load_configuration = ConfigLoaderImpl.load_configuration
_load_config = ConfigRepository.load_config
_interpolation_map = defaults_list._create_interpolation_map
_files: dict[str, bytes] = {}
_composed: dict[tuple, bytes] = {}


def read_configs_once(patch: pytest.MonkeyPatch) -> None:
    """Have Hydra read each of the package's config files once, and compose as ever."""
    patch.setattr(ConfigRepository, "load_config", _load_config_once)
    patch.setattr(defaults_list, "_create_interpolation_map", _map_where_needed)
    share_config_store()


def compose_choices_once(patch: pytest.MonkeyPatch) -> None:
    """Have Hydra compose each choice of files once, and set the values of a command in a copy.

    Where values cannot be set, Hydra composes the whole command, so that all errors are its own.
    """
    patch.setattr(ConfigLoaderImpl, "load_configuration", _load_choices_once)


def _load_config_once(repository: ConfigRepository, config_path: str) -> ConfigResult | None:
    if not _is_of_the_package(repository):
        return _load_config(repository, config_path)
    if config_path not in _files:
        _files[config_path] = pickle.dumps(_load_config(repository, config_path))
    return pickle.loads(_files[config_path])


def _is_of_the_package(repository: ConfigRepository) -> bool:
    return {source.path for source in repository.get_sources()} == {"hydra.conf", str(CONF), ""}


def _map_where_needed(overrides: Any, defaults: Sequence[Any], self_added: bool) -> DictConfig | None:
    """The choices that interpolations in a defaults list refer to."""
    needed = any(not each.is_self() and each.is_interpolation() for each in defaults)
    return _interpolation_map(overrides, defaults, self_added) if needed else None


def _load_choices_once(
    loader: ConfigLoaderImpl, config_name: str, overrides: list[str], run_mode: RunMode, *more: Any, **named: Any
) -> DictConfig:
    whole = (loader, config_name, overrides, run_mode)
    if run_mode is not RunMode.RUN or not _is_of_the_package(loader.repository):
        return _load_configuration(*whole, *more, **named)
    parsed = OverridesParser.create().parse_overrides(overrides)
    plain = all(each.type is OverrideType.CHANGE for each in parsed)
    values = [each for each in parsed if plain and _is_value(each)]
    choices = [str(each.input_line) for each in parsed if each not in values]
    key = (config_name, JobRuntime.instance().get("name"), *choices)
    if key not in _composed:
        _composed[key] = pickle.dumps(_load_configuration(loader, config_name, choices, run_mode, *more, **named))
    config = pickle.loads(_composed[key])
    try:
        for each in values:
            OmegaConf.update(config, each.key_or_group, each.value(), merge=True)
    except (HydraException, OmegaConfBaseException):
        return _load_configuration(*whole, *more, **named)
    _describe(config, [each for each in parsed if not each.is_hydra_override()])
    return config


def _is_value(override: Override) -> bool:
    """Whether an override sets a value, whichever files are chosen."""
    return not (
        override.is_hydra_override()
        or override.package
        or override.is_sweep_override()
        or "/" in override.key_or_group
        or override.key_or_group in GROUPS
    )


def _describe(config: DictConfig, overrides: list[Override]) -> None:
    """Write into Hydra's own part what it knows of the command."""
    job = config.hydra.job
    config.hydra.overrides.task = [str(each.input_line) for each in overrides]
    job.override_dirname = get_overrides_dirname(overrides, **job.config.override_dirname)
    config.hydra.runtime.cwd = os.getcwd()
