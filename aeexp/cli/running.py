"""The run of a command: Hydra composes its config. Loads no TensorFlow, so that --help and --cfg are quick."""

import logging
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import env_override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from aeexp.cli.arguments import in_order
from aeexp.cli.exits import exit_on_error
from aeexp.config.aliases import current_override
from aeexp.config.config_keys import check_keys
from aeexp.config.paths import CONF, mlruns_of
from aeexp.config.schemas import register_schemas
from aeexp.errors import ConfigError, OutputError
from aeexp.runtime.compat import share_config_store
from aeexp.runtime.credentials import hide_credentials


def run_command(command: str, words: Sequence[str]) -> None:
    """Run one of the commands.

    Args:
        command: its name.
        words: what stands behind it on the command line.

    Raises:
        AeexpError: for what is neither an option nor an override, for a wrong value, and as the command does.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # schedulers end a job as Ctrl-C does
    if not sys.warnoptions:
        warnings.showwarning = _log_warning
    hide_credentials()
    sys.path.append(os.getcwd())  # for modules of the user's own that configs name
    _compose_and_run(command, _arguments(command, words))


def _log_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Keep a library's warning, which names lines of its code, for the log file of a job."""
    logging.getLogger("warnings").info("%s", message)


def _arguments(command: str, words: Sequence[str]) -> list[str]:
    """What Hydra is given of a command line."""
    if words == ("--help",):
        return ["--help"]
    return in_order(command, [current_override(word, command) for word in words])


def _compose_and_run(command: str, arguments: list[str]) -> None:
    register_schemas()
    share_config_store()
    try:
        with _arguments_of_hydra(f"aeexp {command}", arguments):
            hydra.main(config_path=str(CONF), config_name=command, version_base="1.3")(_run_and_exit_on_error)()
    except (HydraException, OmegaConfBaseException) as error:
        from aeexp.config.error_messages import explain

        raise ConfigError(explain(error, command, arguments)) from error
    except (OSError, ValueError) as error:
        cause = error.__cause__ if isinstance(error, ValueError) else error  # logging wraps the error of its log file
        home = mlruns_of(arguments)
        if not isinstance(cause, OSError) or not _is_folder_of_hydra(cause.filename, home):
            raise
        raise OutputError(
            f"cannot write to {cause.filename} ({cause.strerror}); make {home} writable, or choose another folder by "
            "home=FOLDER."
        ) from error


@contextmanager
def _arguments_of_hydra(program: str, arguments: Sequence[str]) -> Iterator[None]:
    """Has Hydra read these arguments, which it takes from `sys.argv` only, and raise its errors instead of exiting."""
    before, sys.argv = sys.argv, [program, *arguments]
    try:
        with env_override({"HYDRA_FULL_ERROR": "1"}):
            yield
    finally:
        sys.argv = before


def _is_folder_of_hydra(path: object, home: str) -> bool:
    """Whether a path is in the folder in which Hydra alone writes, or is where that folder cannot be made."""
    place = None if path is None else Path(str(path))
    return place is not None and (Path(home).is_relative_to(place) or place.is_relative_to(Path(home, "hydra")))


def _run_and_exit_on_error(config: DictConfig) -> None:
    with exit_on_error(HydraConfig.get().job.name):  # Hydra would print all overrides beside the error
        run(config)


def run(config: DictConfig) -> None:
    """Pass the composed config to the command, whose name Hydra knows.

    Raises:
        ConfigError: for a required value that is missing, a key that nothing reads, and for what the command refuses.
    """
    command = HydraConfig.get().job.name
    check_keys(config, command)
    OmegaConf.resolve(config)  # parts of it are merged into stored configs, where `home` may mean another folder
    import_module(f"aeexp.cli.commands.{command}").run(config)
