"""Configs of commands, composed by Hydra within a program, with the checks and messages of the command line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException

from aeexp.config.aliases import current_override
from aeexp.config.config_keys import check_keys
from aeexp.config.error_messages import explain
from aeexp.config.hydra_overrides import changing_data
from aeexp.config.paths import CONF
from aeexp.config.quotes import quoted
from aeexp.config.schemas import register_schemas
from aeexp.errors import ConfigError
from aeexp.runtime.compat import share_config_store

SWEEP = ("-m", "--multirun")
"""What makes a sweep of a command."""


@contextmanager
def composed(command: str, words: Sequence[str]) -> Iterator[DictConfig]:
    """The config of a command under some overrides, checked and resolved.

    Inside, Hydra describes this command, as where the command line runs it; a Hydra application around it is left as
    it was.

    Args:
        command: such as `train`.
        words: overrides as on the command line.

    Raises:
        ConfigError: for what is no override, composes no config, lacks a value or has a key that nothing reads.
    """
    with hydra_of(command), explained(command, words):
        config = compose(command, as_overrides(command, words), return_hydra_config=True)
        HydraConfig.instance().set_config(config)
        with open_dict(config):
            del config["hydra"]
        check_keys(config, command)
        OmegaConf.resolve(config)
        yield config


@contextmanager
def hydra_of(command: str) -> Iterator[GlobalHydra]:
    """Hydra with the configs of the package; that of an application around it is set aside."""
    register_schemas()
    share_config_store()
    described, application = HydraConfig.instance().cfg, GlobalHydra.instance().hydra
    GlobalHydra.instance().hydra = None
    try:
        with initialize_config_dir(str(CONF), job_name=command, version_base="1.3"):
            yield GlobalHydra.instance()
    finally:
        GlobalHydra.instance().hydra, HydraConfig.instance().cfg = application, described


def as_overrides(command: str, words: Sequence[str]) -> list[str]:
    """Overrides in today's names, with the quotes that Hydra's grammar needs.

    Raises:
        ConfigError: for what is no override.
    """
    for word in words:
        if word in SWEEP:
            raise ConfigError(f"{word}: aeexp.train trains once; aeexp.sweep takes several values of a key.")
        if "=" not in word and not word.startswith("~"):
            raise ConfigError(f"an override is written key=value, as in 'model.latent_dim=8'. Received {word!r}.")
    return changing_data(command, [quoted(current_override(word, command)) for word in words])


@contextmanager
def explained(command: str, words: Sequence[str]) -> Iterator[None]:
    """Turns what Hydra raises inside into an error of one sentence.

    Raises:
        ConfigError: for an override that composes no config.
    """
    try:
        yield
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(explain(error, command, words, in_program=True)) from None  # which is all of it
