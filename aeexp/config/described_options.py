"""The groups of the config and their options, each with what the comment at the head of its file says."""

import re
from functools import cache
from textwrap import shorten

from aeexp.config.options import EXPERIMENT, option_files
from aeexp.config.paths import CONF
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError

WIDTH = 110
"""Letters of a description."""


@cache
def all_groups() -> list[str]:
    """The groups, such as `corruption` and `model/architecture`."""
    folders = {str(path.parent.relative_to(CONF)) for path in CONF.glob("*/**/*.yaml")}
    return sorted(folder for folder in folders if not folder.startswith(("hydra", f"{EXPERIMENT}/")))


def described_options(group: str) -> dict[str, str]:
    """The options of a group by their names, each with a sentence on what it is.

    Raises:
        ConfigError: where there is no such group.
    """
    if group not in all_groups():
        raise ConfigError(
            f"{group}: no such group.{did_you_mean(group, all_groups())} Choose from {', '.join(all_groups())}."
        )
    files = option_files(group)
    return {name: _first_sentence(file.read_text(encoding="utf-8")) for name, file in files.items()}


def _first_sentence(text: str) -> str:
    """What the comment at the head of a file says first, after the command that it may begin with."""
    lines = re.match(r"(#.*\n)*", text)
    comment = [line.strip("# ") for line in (lines[0] if lines else "").splitlines()]
    words = " ".join(line for line in comment if not line.startswith(("@package", "aeexp train")))
    return shorten(re.split(r"(?<=\.)(?<!et al\.)\s", words)[0].rstrip("."), WIDTH, placeholder=" …")
