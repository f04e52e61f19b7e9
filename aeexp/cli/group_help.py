"""Help on a group of the config: its options, each with what the comment at the head of its file says."""

import re
from collections.abc import Sequence
from textwrap import shorten

from aeexp.config.known_names import LISTS
from aeexp.config.paths import CONF
from aeexp.config.suggestions import COMMANDS, did_you_mean, hint, synonyms
from aeexp.errors import ConfigError

WIDTH = 110
"""Letters of the line of an option."""


def group_help(group: str, commands: Sequence[str]) -> str:
    """The options of a group, a line each.

    Args:
        group: such as `corruption` or `model/architecture`.
        commands: of which there is help as well.

    Raises:
        ConfigError: where there is no such group.
    """
    groups = known_groups()
    name = group.strip("/").replace(".", "/")
    if name not in groups:
        key = group.partition(".")[0] if "." in group else ""
        meant = hint([key] if key in groups else synonyms(group, COMMANDS))
        meant = meant or did_you_mean(group, [*commands, *groups])
        raise ConfigError(
            f"help: no such command or group: {group}.{meant} See aeexp --help, or choose from {', '.join(groups)}."
        )
    files = sorted((CONF / name).glob("*.yaml"))
    several = f", '{name}=[A,B]' several" if name in LISTS else ""
    width = max(len(path.stem) for path in files)
    below = [each for each in groups if each.startswith(f"{name}/")]
    return "\n".join(
        [
            f"aeexp train {name}=OPTION chooses one of these{several}:",
            "",
            *(f"  {path.stem:<{width}}  {_first_sentence(path.read_text(encoding='utf-8'))}" for path in files),
            "",
            *([f"Made of {', '.join(below)}, of each of which there is help as well."] if below else []),
            f"aeexp train {name}={files[0].stem} --cfg job shows the settings of an option with their values.",
        ]
    )


def known_groups() -> list[str]:
    """All groups of the config that an option can be chosen from."""
    folders = {str(path.parent.relative_to(CONF)) for path in CONF.glob("*/**/*.yaml")}
    return sorted(folder for folder in folders if not folder.startswith("hydra"))


def _first_sentence(text: str) -> str:
    """What the comment at the head of a file says first, after the command that it may begin with."""
    lines = re.match(r"(#.*\n)*", text)
    comment = [line.strip("# ") for line in (lines[0] if lines else "").splitlines()]
    words = " ".join(line for line in comment if not line.startswith(("@package", "aeexp train")))
    return shorten(re.split(r"(?<=\.)\s", words)[0].rstrip("."), WIDTH, placeholder=" …")
