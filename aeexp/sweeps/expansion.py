"""Expansion of a sweep's overrides into configs, without those that a job has nothing to apply to."""

from collections.abc import Mapping, Sequence

from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf

from aeexp.runtime.compat import overridden_key


def compose_applicable(
    words: list[str], master: DictConfig, loader: ConfigLoader
) -> tuple[list[str], DictConfig, dict[str, Exception]]:
    """The config of a job, without the overrides of components that it does not choose.

    Returns:
        The overrides that apply, the config without Hydra's own part, and the error of each key that does not apply.
    """
    errors: dict[str, Exception] = {}
    while True:
        try:
            return words, _without_hydra(loader.load_sweep_config(master, words)), errors
        except HydraException as error:
            key = overridden_key(error)
            left = [word for word in words if word.partition("=")[0] != key]
            if key is None or len(left) == len(words):
                raise
            words, errors[key] = left, error


def unless_everywhere(left_out: Mapping[str, Mapping[str, Exception]], jobs: int) -> dict[str, tuple[str, ...]]:
    """The names of the jobs that leave out each key.

    Args:
        left_out: the errors of each key by the names of the jobs.
        jobs: number of all jobs.

    Raises:
        HydraException: for a key that all jobs leave out.
    """
    for errors in left_out.values():
        if len(errors) == jobs:
            raise next(iter(errors.values()))
    return {key: tuple(errors) for key, errors in left_out.items()}


def without_single_values(arguments: Sequence[str]) -> list[str]:
    """The overrides of a sweep with `key=0.1` in place of `key=choice(0.1)`, which is no axis beside others."""
    overrides = OverridesParser.create().parse_overrides(list(arguments))
    words = [_single(each) or str(each.input_line) for each in overrides]
    is_axis = [each.is_sweep_override() and not _single(each) for each in overrides]
    return words if any(is_axis) else list(arguments)


def _single(override: Override) -> str | None:
    if not str(override.input_line).partition("=")[2].startswith("choice("):
        return None
    values = list(override.sweep_string_iterator())
    return f"{override.get_key_element()}={values[0]}" if len(values) == 1 else None


def _without_hydra(config: DictConfig) -> DictConfig:
    OmegaConf.set_struct(config, False)
    del config["hydra"]
    OmegaConf.resolve(config)
    return config
