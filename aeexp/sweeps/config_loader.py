"""Composes the configs of jobs without reading the config files for each of them anew."""

import copy
from uuid import uuid4

from hydra._internal.config_loader_impl import ConfigLoaderImpl, get_overrides_dirname
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from omegaconf import DictConfig

_composed: dict[tuple[str, ...], DictConfig] = {}
"""What the jobs of each composer have in common, by its identity and their words that choose files."""


class CachingConfigLoader(ConfigLoaderImpl):
    """Hydra's loader, which reads the files once in each process for all jobs that differ in values alone.

    Launchers send a copy of it to a worker with each job; the copies have the identity in common.
    """

    def __init__(self, search_path: ConfigSearchPath) -> None:
        super().__init__(search_path)
        self._identity = uuid4().hex

    def load_sweep_config(self, master_config: DictConfig, sweep_overrides: list[str]) -> DictConfig:
        """The config of one job, with Hydra's own part.

        Raises:
            HydraException: for a word that composes no config.
        """
        overrides = OverridesParser.create().parse_overrides(sweep_overrides)
        choices = [str(each.input_line) for each in overrides if not _sets_a_value(each)]
        key = (self._identity, *choices)
        if key not in _composed:
            _composed[key] = super().load_sweep_config(master_config, choices)
        config = copy.deepcopy(_composed[key])
        self._apply_overrides_to_config([each for each in overrides if _sets_a_value(each)], config)
        config.hydra.overrides.task = sweep_overrides
        config.hydra.job.override_dirname = get_overrides_dirname(overrides, **config.hydra.job.config.override_dirname)
        return config


def _sets_a_value(override: Override) -> bool:
    """Whether it leaves the choice of config files alone."""
    return "." in override.key_or_group or override.key_or_group == "seed"
