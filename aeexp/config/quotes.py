"""Quotes around the values of overrides that Hydra's grammar cannot read without."""

import re

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException

from aeexp.config.paths import CONF

SEVERAL = r"(choice|range|interval|glob|sort|shuffle)\("
"""How a value of Hydra's grammar begins that stands for several."""


ELEMENT = r"(?<=[\[,])[^]\['\",{}()$]+(?=[],])"
"""An element of a list that has no quotes or brackets of its own."""

VALUES = ("null", "true", "false", "nan", "inf")
"""Words that Hydra's grammar reads as something else than text."""

NAMING_RUNS = "(runs?|beside|sweep|reference|baseline)="
"""Keys whose values are ids of runs."""

LISTS = ("columns", "group")
"""Keys of commands that do not sweep, whose names may stand beside each other without brackets."""


def quoted(word: str) -> str:
    """An override with quotes around a value that Hydra's grammar does not know, or would read as a number.

    Such are paths and conditions with letters and signs of their own, the beginnings of ids as in `run=12e4`, and the
    options of groups, which have names.
    """
    if re.match(NAMING_RUNS, word):
        word = re.sub(r"(?<=[=\[,])\d[0-9a-f]*(?=[],]|$)", r"'\g<0>'", word)
    key, equals, value = word.partition("=")
    if value[:1] == "[" and (CONF / key.lstrip("+")).is_dir():
        return f"{key}={re.sub(ELEMENT, _quoted_unless_name, value)}"
    if word.startswith("-") or not equals or value[:1] in ("", "'", '"', "[", "{") or re.match(SEVERAL, value):
        return word
    if key not in LISTS and (_is_readable(word) or ((CONF / key).is_dir() and "[" in value)):
        return word
    return f"{key}='{value.replace(chr(39), chr(92) + chr(39))}'"


def _quoted_unless_name(found: re.Match[str]) -> str:
    element = found[0].strip()
    is_name = re.fullmatch(r"[A-Za-z_][\w/.-]*", element) and element.lower() not in (
        "null",
        "true",
        "false",
        "nan",
        "inf",
    )
    return element if is_name else f"'{element}'"


def _is_readable(word: str) -> bool:
    """Whether Hydra can parse an override, and its value can be an option if the key is a group."""
    try:
        override = OverridesParser.create().parse_override(word)
    except HydraException:
        return False
    is_group = (CONF / override.key_or_group).is_dir()
    return not is_group or override.is_sweep_override() or isinstance(override.value(), str | list | dict)
