"""Help on the keys of a command: each with its default and what it is, as the file of its config says."""

from textwrap import wrap

from aeexp.config.paths import CONF
from aeexp.config.yaml_keys import ConfigFile, Key

WIDTH = 118
"""Letters of a line."""

TOLD = ("home",)
"""Keys that the end of every help tells of."""

REQUIRED = "???"

HEADING = "Keys of aeexp"


def key_help(command: str) -> str:
    """The keys of a command, one below the other; those of groups are left out."""
    keys = [key for key in ConfigFile(CONF / f"{command}.yaml").keys if key.name not in TOLD]
    if not keys:
        return ""
    names = [f"{key.name}={_default(key)}" for key in keys]
    width = min(30, max(map(len, names)))
    lines = [line for name, key in zip(names, keys, strict=True) for line in _lines(name, key.comment, width)]
    return "\n".join([f"{HEADING} {command}, with their defaults:", "", *lines])


def _default(key: Key) -> str:
    """The default; an ellipsis for a value that must be given, nothing for one that is made of others."""
    return "…" if key.value == REQUIRED else "" if "${" in key.value else key.value.strip("\"'")


def _lines(name: str, comment: str, width: int) -> list[str]:
    told = wrap(comment, WIDTH - width - 4) or [""]
    first = [f"  {name}"] if len(name) > width else []
    indent = [f"  {'' if first else name:<{width}}", *[" " * (width + 2)] * len(told)]
    return first + [f"{start}  {text}".rstrip() for start, text in zip(indent, told, strict=False)]
