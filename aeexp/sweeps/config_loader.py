"""A config loader for sweeps, which reads the config files once for all jobs that differ in values alone."""

import copy
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from hydra.core.config_loader import ConfigLoader
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType
from hydra.errors import HydraException
from hydra.plugins.config_source import ConfigSource
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

_composed: dict[tuple[str, ...], DictConfig] = {}
"""Compositions of this process, by the identity of their loader and the overrides that it was given."""


class CachingConfigLoader(ConfigLoader):
    """Composes as another loader does, which it asks once in each process for the same choice of config files.

    The overrides that assign values are applied to a copy of that composition. Where this is not certain to give what
    the other loader gives, that one composes the whole job; so all errors are its own.

    Launchers send a copy of the loader to a worker with each job; the copies share an identity, and serve one master
    config.

    Args:
        inner: the loader that Hydra made.
    """

    def __init__(self, inner: ConfigLoader) -> None:
        self._inner = inner
        self._identity = uuid4().hex

    def load_sweep_config(self, master_config: DictConfig, sweep_overrides: list[str]) -> DictConfig:
        """The config of one job, with Hydra's own part.

        Raises:
            HydraException: for an override that composes no config.
        """
        overrides = OverridesParser.create().parse_overrides(sweep_overrides)
        assignments = _assignments(overrides)
        choices = [_text(each) for each in overrides if each not in assignments]
        try:
            config = copy.deepcopy(self._compose_once(master_config, choices))
            for each in assignments:
                OmegaConf.update(config, each.key_or_group, each.value(), merge=True)
        except (HydraException, OmegaConfBaseException):
            return self._inner.load_sweep_config(master_config, sweep_overrides)
        job, of_job = config.hydra.job, [each for each in overrides if not each.is_hydra_override()]
        config.hydra.overrides.task = [_text(each) for each in of_job]
        job.override_dirname = _override_dirname(of_job, **job.config.override_dirname)
        return config

    def _compose_once(self, master_config: DictConfig, overrides: list[str]) -> DictConfig:
        key = (self._identity, *overrides)
        if key not in _composed:
            _composed[key] = self._inner.load_sweep_config(master_config, overrides)
        return _composed[key]

    def load_configuration(
        self,
        config_name: str | None,
        overrides: list[str],
        run_mode: RunMode,
        from_shell: bool = True,
        validate_sweep_overrides: bool = True,
    ) -> DictConfig:
        return self._inner.load_configuration(config_name, overrides, run_mode, from_shell, validate_sweep_overrides)

    def get_search_path(self) -> ConfigSearchPath:
        return self._inner.get_search_path()

    def get_sources(self) -> list[ConfigSource]:
        return self._inner.get_sources()

    def list_groups(self, parent_name: str) -> list[str]:
        return self._inner.list_groups(parent_name)

    def get_group_options(
        self,
        group_name: str,
        results_filter: ObjectType | None = ObjectType.CONFIG,
        config_name: str | None = None,
        overrides: list[str] | None = None,
    ) -> list[str]:
        return self._inner.get_group_options(group_name, results_filter, config_name, overrides)

    def compute_defaults_list(self, config_name: str | None, overrides: list[str], run_mode: RunMode) -> Any:
        return self._inner.compute_defaults_list(config_name, overrides, run_mode)


def _assignments(overrides: Sequence[Override]) -> list[Override]:
    """The overrides that assign a value, whichever files are chosen, and whatever keys are added or deleted."""
    changing = [each.key_or_group for each in overrides if each.type is not OverrideType.CHANGE]
    return [
        each
        for each in overrides
        if _is_assignment(each) and not any(_overlap(each.key_or_group, key) for key in changing)
    ]


def _is_assignment(override: Override) -> bool:
    """Groups have no dot in their names; of the keys without one, the seed alone is commonly swept."""
    is_value = "." in override.key_or_group or override.key_or_group == "seed"
    return is_value and override.type is OverrideType.CHANGE and not override.is_hydra_override()


def _overlap(one: str, other: str) -> bool:
    """Whether two dotted keys name the same node, or one the parent of the other."""
    shorter, longer = sorted((f"{one}.", f"{other}."), key=len)
    return longer.startswith(shorter)


def _text(override: Override) -> str:
    return str(override.input_line)


def _override_dirname(overrides: Sequence[Override], exclude_keys: Sequence[str], item_sep: str, kv_sep: str) -> str:
    """`hydra.job.override_dirname`, as Hydra makes it of a job's overrides."""
    texts = sorted(_text(each) for each in overrides if each.key_or_group not in exclude_keys)
    return item_sep.join(texts).replace("=", kv_sep)
