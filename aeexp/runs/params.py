"""Params of a run: the choices by name, and the settings by which one compares runs. All else is in its config.yaml."""

from collections.abc import Mapping
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from aeexp.config.infrastructure import is_infrastructure
from aeexp.config.options import classes_in, flatten, option_with
from aeexp.config.overrides import is_group, overridden

CHOICES = ("model", "dataset", "augmentation", "corruption", "loss", "optimizer", "schedule")
"""Groups whose choice is a param, by its name: `conv_ae`, `downscale+noise`, `none`."""

SEVERAL = ("augmentation", "corruption", "loss")
"""Those of them that hold several components by their names."""

SETTINGS = (*CHOICES, "trainer", "seed")
"""Parts of the config whose settings are params."""


def run_params(config: DictConfig) -> dict[str, Any]:
    """The params of a run.

    Args:
        config: that of a training, or the parts of it that an evaluation has.
    """
    plain: Any = OmegaConf.to_container(config, resolve=True)
    settings = _settings({name: plain[name] for name in SETTINGS if name in plain})
    return {**_choices(plain), **settings, **_overridden(plain)}


def choice_name(group: str, node: Mapping[str, Any], option: str | None = None) -> str:
    """The name of what is chosen in a group.

    Args:
        node: of the config.
        option: the one that Hydra has read; None where it has read several, or the config comes without Hydra.
    """
    if group in SEVERAL:
        return option if option not in (None, "none") and len(node) == 1 else "+".join(node) or "none"
    return option or option_with(group, classes_in(flatten(node)))


def command_overrides() -> list[str]:
    """The overrides of the command, where the config comes from one."""
    return list(HydraConfig.get().overrides.task) if HydraConfig.initialized() else []


def _choices(config: Mapping[str, Any]) -> dict[str, str]:
    read: Mapping[str, Any] = HydraConfig.get().runtime.choices if HydraConfig.initialized() else {}
    names = {group: choice_name(group, config[group], read.get(group)) for group in CHOICES if group in config}
    experiment = read.get("experiment")
    return {**names, "experiment": experiment} if experiment else names


def _settings(config: Any, prefix: str = "") -> dict[str, Any]:
    """The settings by their dotted keys, without the paths of classes and without infrastructure."""
    flat = flatten(config, prefix)
    return {
        key: value
        for key, value in flat.items()
        if value != {} and not key.endswith("._target_") and not is_infrastructure(key)
    }


def _overridden(config: Mapping[str, Any]) -> dict[str, Any]:
    """What the command sets besides, such as `probes`, `report=none` or `model/architecture=unet`."""
    params: dict[str, Any] = {}
    for key, value in overridden(command_overrides()).items():
        if is_group(key):
            params |= {} if key in (*CHOICES, "experiment") else {key.replace("/", "."): value}
        elif key in (flat := flatten(config)):
            params[key] = flat[key]
        else:
            params |= _settings({name: flat[name] for name in flat if name.startswith(f"{key}.")})
    return params
