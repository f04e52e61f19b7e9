"""The command line. What it imports is light, so that help and completion are quick."""

import io
import sys

import aeexp
from aeexp.cli.exits import exit_on_error
from aeexp.cli.options import COMPLETION, HELP, VERSION
from aeexp.cli.output import lasting_output
from aeexp.config.paths import mlruns

COMMANDS = {
    "train": "train an autoencoder, or sweep over many with -m",
    "resume": "resume a training that was killed, or train a finished run for longer",
    "evaluate": "evaluate a trained run on another data set or under another corruption",
    "transfer": "evaluate several runs on several data sets, as one table and one figure",
    "compare": "compare runs by a metric, with intervals and paired tests",
    "report": "write the report of a sweep again",
    "predict": "restore your own images with a trained run",
    "encode": "write the latents of a data set into an .npz file",
    "sample": "draw new images from a trained run",
    "interpolate": "decode images on the line between the codes of two images",
    "explore": "walk through the latent space of a trained run in the browser",
    "reproduce": "train a run again and compare the metrics",
    "runs": "list the recorded runs",
    "show": "show one run or sweep: settings, metrics, pictures, how to go on",
    "register": "give a trained run a name in MLflow's registry",
    "sync": "send what runs could not record while the tracking server was unreachable",
    "ui": "open the MLflow UI on the recorded runs",
}

USAGE = "\n".join(
    [
        "aeexp: experiments with autoencoders, configured by Hydra, recorded in MLflow.",
        "",
        *(f"  aeexp {name:<11} {purpose}" for name, purpose in COMMANDS.items()),
        "",
        "aeexp help COMMAND lists what can be configured, aeexp help GROUP the options of a group, such as corruption;",
        "aeexp --completion SHELL prints what makes bash, zsh or fish complete all of it; aeexp --version the version.",
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
    if command in COMPLETION:
        from aeexp.cli.completion.shells import complete

        with exit_on_error(command):
            complete(words, list(COMMANDS))
    elif {command, *words}.intersection(VERSION):
        print(f"aeexp {aeexp.__version__}")
    elif command in HELP:
        _help(*(word for word in words if word not in HELP))
    elif command in COMMANDS and set(words).intersection(HELP):
        from aeexp.config.described_options import all_groups

        _help(command, *(word for word in words if word.strip("/") in all_groups()))
    else:
        _run(command, words)


def _help(*topics: str) -> None:
    """Print the help on all, on a command, or on a group, before which its command may stand."""
    if not topics:
        print(f"{USAGE}  {mlruns()}")
    elif len(topics) == 1 and topics[0] in COMMANDS:
        from aeexp.cli.key_help import key_help  # reads the config's file

        try:
            _run(topics[0], ("--help",))
        except SystemExit as end:  # as Hydra does once it has printed its help
            if end.code:
                raise
        print(key_help(topics[0]))
    else:
        from aeexp.cli.group_help import group_help

        with exit_on_error("help"):
            print(group_help(topics[-1], list(COMMANDS)))


def _run(command: str, words: tuple[str, ...]) -> None:
    with exit_on_error(command):
        from aeexp.cli.arguments import check_command  # imports Hydra
        from aeexp.cli.running import run_command

        check_command(command, list(COMMANDS))
        run_command(command, words)
