"""Completions of a command line: the commands, groups, keys and values that its last word may become."""

import re
import shlex
from collections.abc import Sequence

from aeexp.cli.completion.composition import Composition
from aeexp.cli.completion.config_files import FOLDER_OPTIONS, ConfigFiles
from aeexp.cli.completion.values import paths, values_of
from aeexp.cli.options import COMPLETION, HELP, INFO, TOPICS

SHELLS = ("bash", "zsh", "fish")
FIRST = ("--help", "--version", "--completion")
OPTIONS = ("--help", "--cfg", "--resolve", "--config-dir", "--info", "--hydra-help")
SWEEP = ("-m", "--multirun")
"""Options before a command, behind one, and behind the one that sweeps."""

ARGUMENTS = {"--cfg": ("job", "hydra", "all"), "-c": ("job", "hydra", "all"), **dict.fromkeys(INFO, TOPICS)}
"""What stands behind options of Hydra."""

END = "\0"


def completions(words: Sequence[str], commands: Sequence[str]) -> list[str]:
    """The whole words that the last one begins.

    Args:
        words: of a command line behind the name of the program; the last one may be empty.
        commands: of the program.
    """
    *before, word = words or [""]
    found = [each for each in dict.fromkeys(_candidates(before, word, commands)) if each.startswith(word)]
    is_open = word.count("[") > word.count("]")
    return [f"{found[0]},", f"{found[0]}]"] if is_open and len(found) == 1 else found


def completions_of_line(line: str, replaced: str, commands: Sequence[str]) -> list[str]:
    """What bash puts in place of the last part of a line: it divides words at `=` and `:` as well.

    Args:
        line: up to the cursor.
        replaced: that part.
        commands: of the program.
    """
    words = split(line)[1:]
    kept = len(words[-1]) - len(split(replaced)[-1]) if words and words[-1].endswith(split(replaced)[-1]) else 0
    is_quoted = line.count("'") % 2 or line.count('"') % 2
    found = [each[kept:] for each in completions(words, commands)]
    return found if is_quoted else [re.sub(r"""([\s'"\\$&;()<>|*?!#`{}])""", r"\\\1", each) for each in found]


def split(line: str) -> list[str]:
    """The words of a line without their quotes, of which the last may be open; the last word may be empty."""
    for closing in ("", "'", '"'):
        try:
            words = shlex.split(f"{line}{END}{closing}")
        except ValueError:
            continue
        return [*words[:-1], words[-1].removesuffix(END)]
    return [""]


def _candidates(before: Sequence[str], word: str, commands: Sequence[str]) -> list[str]:
    files = ConfigFiles.of(before)
    if not before:
        return [*FIRST] if word.startswith("-") else [*commands, "help"]
    command = before[0]
    if command in COMPLETION:
        return [*SHELLS]
    if command in HELP:
        groups = files.groups()
        below = [name for group in groups for name in files.groups(group)]
        return [*commands, *(f"{name}/" if name in commands else name for name in [*groups, *below])]
    if command not in commands:
        return []
    if before[-1] in ARGUMENTS:
        return [*ARGUMENTS[before[-1]]]
    if before[-1] in FOLDER_OPTIONS:
        return [each for each in paths(word) if each.endswith("/")]
    if word.startswith("-"):
        return [*(SWEEP if command == "train" else ()), *OPTIONS]
    composition = Composition.of(files, command, before[1:])
    return _values(command, word, composition, before) if "=" in word else _keys(word, composition)


def _keys(word: str, composition: Composition) -> list[str]:
    """The groups and keys that a word begins, each as far as its next dot or slash."""
    sign = re.match(r"\+*|~", word)[0]  # type: ignore[index]
    known = [*(f"{name}=" for name in composition.chosen), *(f"{key}=" for key in composition.values)]
    typed = word.removeprefix(sign)
    ends = (re.match(r"[^./=]*[./=]", key.removeprefix(typed)) for key in known if key.startswith(typed))
    return sorted(f"{sign}{typed}{end[0]}" for end in ends if end)


def _values(command: str, word: str, composition: Composition, words: Sequence[str]) -> list[str]:
    """A key with each of its values; of several in brackets or of a sweep, the last with those not yet named."""
    key, _, value = word.partition("=")
    name = key.lstrip("+~")
    head = value[: 1 + max(value.rfind(","), value.rfind("["))]
    named = re.findall(r"[^][,]+", head)
    found = values_of(name, value.removeprefix(head), command, composition, words)
    return [f"{key}={head}{each}" for each in found if each not in named]
