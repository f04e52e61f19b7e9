"""The commands. Imports Hydra and the config alone, so that --help and --cfg never load TensorFlow."""

import errno
import os
import re
import signal
import sys
from importlib import import_module

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from aeexp.config.aliases import current_override
from aeexp.config.hints import did_you_mean
from aeexp.config.paths import CONF, mlruns
from aeexp.config.schemas import register_schemas
from aeexp.errors import AeexpError, ConfigError, OutputError

COMMANDS = {
    "train": "train an autoencoder, or sweep over many with -m",
    "resume": "go on with a training that was killed, or train a finished run for longer",
    "evaluate": "judge a trained run on another data set or under another corruption",
    "transfer": "judge several runs on several data sets, as one table and one picture",
    "report": "compare the jobs of a sweep once more",
    "predict": "restore your own images with a trained run",
    "encode": "write the latents of a data set into an .npz file",
    "reproduce": "train a run once more and compare",
    "runs": "list the recorded runs",
    "register": "give a trained run a name in MLflow's registry",
    "sync": "bring in what runs could not record while the tracking server was away",
    "ui": "open the MLflow UI on the recorded runs",
}

FULL = "the disk is full; make room. `aeexp resume run=latest` goes on with a training."

USAGE = "\n".join(
    [
        "aeexp: experiments with autoencoders, configured by Hydra, recorded in MLflow.",
        "",
        *(f"  aeexp {name:<10} {purpose}" for name, purpose in COMMANDS.items()),
        "",
        "aeexp COMMAND --help lists what can be configured.",
    ]
)


def main() -> None:
    """Run the command named by the first argument; its other arguments are Hydra's."""
    command = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if command in ("-h", "--help"):
        print(USAGE)
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a scheduler's end is treated like Ctrl-C
    sys.path.append(os.getcwd())  # where users keep the classes that their own configs name
    try:
        if command not in COMMANDS:
            raise ConfigError(f"no such command: {command}.{did_you_mean(command, list(COMMANDS))} See aeexp --help.")
        _compose_and_run(command, [_quoted(current_override(word)) for word in sys.argv[2:]])
    except KeyboardInterrupt:
        sys.exit(130)
    except AeexpError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


def _compose_and_run(command: str, arguments: list[str]) -> None:
    sys.argv = [f"aeexp {command}", *arguments]
    os.environ["HYDRA_FULL_ERROR"] = "1"  # hands errors on as exceptions instead of printing and leaving
    register_schemas()
    mistakes: list[Exception] = []

    def run_job(config: DictConfig) -> None:
        try:
            run(config)
        except AeexpError as error:
            mistakes.append(error)  # Hydra would print all overrides beside it
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            mistakes.append(OutputError(FULL))

    try:
        hydra.main(config_path=str(CONF), config_name=command, version_base="1.3")(run_job)()
    except (HydraException, OmegaConfBaseException) as error:
        from aeexp.cli.error_messages import explain

        raise ConfigError(explain(error, command, arguments)) from error
    except (OSError, ValueError) as error:
        cause = error.__cause__ if isinstance(error, ValueError) else error  # logging wraps what its file raises
        if not isinstance(cause, OSError) or not str(cause.filename).startswith(mlruns()):
            raise
        raise OutputError(f"cannot write to {cause.filename} ({cause.strerror}); make {mlruns()} writable.") from error
    if mistakes:
        raise mistakes[0]


def _quoted(word: str) -> str:
    """Quote what Hydra would not take as it is written: the beginning of an id, as `run=12e4`, which is no number, and
    values with letters or signs that its grammar does not know, such as a path or a condition.
    """
    if re.match("runs?=", word):
        word = re.sub(r"(?<=[=\[,])\d[0-9a-f]*(?=[],]|$)", r"'\g<0>'", word)
    key, equals, value = word.partition("=")
    if word.startswith("-") or not equals or value[:1] in ("", "'", '"', "[", "{") or _is_readable(word):
        return word
    return f"{key}='{value.replace(chr(39), chr(92) + chr(39))}'"


def _is_readable(word: str) -> bool:
    try:
        OverridesParser.create().parse_override(word)
    except HydraException:
        return False
    return True


def run(config: DictConfig) -> None:
    """Hand the composed config to the command; Hydra calls this once for each job.

    Raises:
        ConfigError: for a value that only the user can give and has not given, and for what the command finds wrong.
    """
    if missing := OmegaConf.missing_keys(config):
        key = min(missing)
        raise ConfigError(f"{key}: a value is needed; add {key}=… (see aeexp {HydraConfig.get().job.name} --help).")
    import_module(f"aeexp.cli.commands.{HydraConfig.get().job.name}").run(config)


if __name__ == "__main__":
    main()
