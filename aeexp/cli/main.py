"""The command line. Imports Hydra and the config only, so that --help and --cfg do not load TensorFlow."""

import errno
import io
import logging
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import env_override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from aeexp.cli.arguments import HELP, VERSION, check_command, in_order
from aeexp.cli.group_help import group_help
from aeexp.cli.output import lasting_output
from aeexp.config.aliases import current_override
from aeexp.config.config_keys import check_keys
from aeexp.config.paths import CONF, mlruns
from aeexp.config.schemas import register_schemas
from aeexp.errors import AeexpError, ConfigError, OutputError
from aeexp.runtime.compat import share_config_store
from aeexp.runtime.credentials import hide_credentials, without_credentials

COMMANDS = {
    "train": "train an autoencoder, or sweep over many with -m",
    "resume": "resume a training that was killed, or train a finished run for longer",
    "evaluate": "evaluate a trained run on another data set or under another corruption",
    "transfer": "evaluate several runs on several data sets, as one table and one figure",
    "compare": "compare runs by a metric, with intervals and paired tests",
    "report": "write the report of a sweep again",
    "predict": "restore your own images with a trained run",
    "encode": "write the latents of a data set into an .npz file",
    "reproduce": "train a run again and compare the metrics",
    "runs": "list the recorded runs",
    "show": "show one run or sweep: settings, metrics, pictures, how to go on",
    "register": "give a trained run a name in MLflow's registry",
    "sync": "send what runs could not record while the tracking server was unreachable",
    "ui": "open the MLflow UI on the recorded runs",
}

GO_ON = "interrupted; the same command goes on with a sweep, and aeexp resume run=latest with a training"
INTERRUPTED = {"train": GO_ON, "resume": GO_ON, "ui": "the UI is closed"}
"""What is said of a command that was interrupted."""

DISK_FULL = "the disk is full; make room. `aeexp resume run=latest` goes on with a training."

USAGE = "\n".join(
    [
        "aeexp: experiments with autoencoders, configured by Hydra, recorded in MLflow.",
        "",
        *(f"  aeexp {name:<10} {purpose}" for name, purpose in COMMANDS.items()),
        "",
        "aeexp help COMMAND lists what can be configured, aeexp help GROUP the options of a group, such as corruption;",
        "aeexp --version prints the version.",
        "home=FOLDER, or the environment variable AEEXP_HOME, chooses the folder of all runs; without them:",
        "",
    ]
)


def main() -> None:
    """Run the command that the first argument names; the others are passed to Hydra."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # for names that are no UTF-8
    with lasting_output():
        _main(*sys.argv[1:] or ["help"])


def _main(command: str, *words: str) -> None:
    arguments = list(words)
    if command in HELP and arguments[:1] and arguments[0] in COMMANDS:
        command, arguments = arguments[0], ["--help"]
    if command in HELP and arguments and arguments[0] not in HELP:
        with _exit_on_error(command):
            print(group_help(arguments[0], list(COMMANDS)))
    elif command in HELP:
        print(f"{USAGE}  {mlruns()}")
    elif {command, *arguments}.intersection(VERSION):
        print(f"aeexp {version('aeexp')}")
    else:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # schedulers end a job as Ctrl-C does
        if not sys.warnoptions:
            warnings.showwarning = _log_warning
        hide_credentials()
        sys.path.append(os.getcwd())  # for modules of the user's own that configs name
        with _exit_on_error(command):
            _compose_and_run(command, _arguments(command, arguments))


def _log_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Keep a library's warning, which names lines of its code, for the log file of a job."""
    logging.getLogger("warnings").info("%s", message)


def _arguments(command: str, words: Sequence[str]) -> list[str]:
    """What Hydra is given of a command line."""
    check_command(command, list(COMMANDS))
    if any(word in HELP for word in words):
        return ["--help"]
    return in_order(command, [current_override(word, command) for word in words])


@contextmanager
def _exit_on_error(command: str) -> Iterator[None]:
    """Turns an expected error into one line on stderr and an exit code."""
    try:
        yield
    except KeyboardInterrupt:
        print(INTERRUPTED.get(command, "interrupted"), file=sys.stderr)
        sys.exit(130)
    except AeexpError as error:
        print(f"error: {without_credentials(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"error: {DISK_FULL}", file=sys.stderr)
        sys.exit(OutputError.exit_code)


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
        home = _home(arguments)
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


def _home(arguments: Sequence[str]) -> str:
    """The folder of all runs that a command names, or the default."""
    named = [word.removeprefix("home=").strip("'\"") for word in arguments if word.startswith("home=")]
    return mlruns(named[-1] if named and named[-1] != "null" else None)


def _is_folder_of_hydra(path: object, home: str) -> bool:
    """Whether a path is in the folder in which Hydra alone writes, or is where that folder cannot be made."""
    place = None if path is None else Path(str(path))
    return place is not None and (Path(home).is_relative_to(place) or place.is_relative_to(Path(home, "hydra")))


def _run_and_exit_on_error(config: DictConfig) -> None:
    with _exit_on_error(HydraConfig.get().job.name):  # Hydra would print all overrides beside the error
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
