"""Arguments of a command before Hydra reads them: its options before the overrides, and what is neither."""

import os
import re
from collections.abc import Sequence
from dataclasses import fields
from difflib import get_close_matches
from pathlib import PurePath

from aeexp.cli.options import FLAGS, INFO, MODES, TOPICS, WITH_VALUE
from aeexp.config.described_options import all_groups
from aeexp.config.hydra_overrides import changing_data, deferred
from aeexp.config.quotes import quoted
from aeexp.config.suggestions import COMMANDS, did_you_mean, hint, synonyms
from aeexp.errors import ConfigError

RUN = r"latest|best:.+|[\w-]+@\w+|(?=.*\d)[0-9a-f]{4,32}"
"""What names a run and hardly anything else."""

PATH = r".*[/*].*|.+\.[a-z]\w*"
"""What looks like a path or a pattern of paths."""

RUNS = ("run", "runs", "sweep")
PATHS = ("images", "from", "to", "output")
"""Keys that runs and paths are meant for, in this order."""


def check_command(command: str, commands: Sequence[str]) -> None:
    """Refuse what is no command.

    Raises:
        ConfigError: naming the one that is probably meant.
    """
    if command in commands:
        return
    meant = hint(synonyms(command, COMMANDS)) or did_you_mean(command, commands)
    if command.strip("/") in all_groups():
        meant = f" Did you mean 'aeexp help {command}'?"
    elif "=" in command:
        meant = f" A command comes first, as in 'aeexp train {command}'."
    elif not meant and (found := _choices(command, "train")):
        meant = f" Did you mean 'aeexp train {found[0]}'?"
    raise ConfigError(f"no such command: {command}.{meant} See aeexp --help.")


def in_order(command: str, words: Sequence[str]) -> list[str]:
    """The arguments with the options of Hydra first, as it takes no override between them.

    Raises:
        ConfigError: for what is neither an option nor an override.
    """
    flags: list[str] = []
    overrides: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        name, _, _ = word.partition("=")
        if word in FLAGS or (name in WITH_VALUE and "=" in word):
            _refuse_sweep(word, command)
            flags.append(word)
        elif word in WITH_VALUE or (word in INFO and left[:1] and left[0] in TOPICS):
            flags += [word, *left[:1]]
            left = left[1:]
        elif word.startswith("-") and not re.match(r"-\d", word):
            raise ConfigError(_dashed(word, left, command))
        elif ("=" not in word or word.startswith("=")) and not word.startswith("~"):
            raise ConfigError(_bare(word, overrides, left, command))
        else:
            overrides.append(word)
            if word.endswith("=") and left and "=" not in left[0]:
                raise ConfigError(_spaced(word[:-1], left[0]))
    if len(modes := [word for word in flags if word.partition("=")[0] in MODES]) > 1:
        raise ConfigError(f"{' '.join(modes)}: only one of these can be asked for; leave out the others.")
    overrides = changing_data(command, [quoted(word) for word in overrides])
    return [*flags, *(deferred(overrides) if {"-m", "--multirun"}.intersection(flags) else overrides)]


def _refuse_sweep(word: str, command: str) -> None:
    if word in ("-m", "--multirun") and command != "train":
        raise ConfigError(f"{word}: only aeexp train can sweep; run aeexp {command} once for each value.")


def _dashed(word: str, following: Sequence[str], command: str) -> str:
    """For an argument such as `--epochs 5`, as other programs take it."""
    name, equals, value = word.lstrip("-").partition("=")
    if name in ("m", "multirun"):
        return f"{word}: -m takes no value; write the values behind the key, as in aeexp train -m seed=0,1,2."
    if name in ("sc", "shell-completion"):
        return f'{word}: aeexp completes by a script of its own; run eval "$(aeexp --completion bash)", or zsh or fish.'
    value = value if equals else next((each for each in following[:1] if "=" not in each and each[:1] != "-"), "")
    key = _key(name.replace("-", "_"), command)
    meant = [f"{key}={value or '…'}"] if key else []
    if value and (choices := _choices(value, command)) and meant != choices:
        meant = [each for each in meant if each in choices] or choices
    return f"{word}: settings are written key=value, without dashes.{hint(meant)} See aeexp {command} --help."


def _bare(word: str, before: Sequence[str], following: Sequence[str], command: str) -> str:
    """For an argument without `=`."""
    written = f"{word}: an override is written key=value"
    if following and following[0].startswith("="):
        return _spaced(word, following[0].lstrip("=") or "".join(following[1:2]))
    if word.startswith("=") and before:
        return _spaced(before[-1], word.lstrip("="))
    if meant := _without_keys([word, *following], before, command):
        return f"{written}.{hint([' '.join(meant)])}"
    if command == "runs" and re.fullmatch(RUN, word):
        return f"{written}.{hint([f'aeexp show run={word}'])}"
    if re.fullmatch(r"[\w./]+:[^/\\]+", word):
        return f"{written}.{hint([word.replace(':', '=', 1)])}"
    if choices := _choices(word, command):
        return f"{written}.{hint(choices)}"
    if before and (message := _after(before[-1], word, command)):
        return f"{' '.join([before[-1], word])}: {message}"
    key = None if re.fullmatch(r"[=\d.]+", word) else _key(word, command)
    return f"{written}.{hint([f'{key}=…'] if key else [])} See aeexp {command} --help."


def _without_keys(words: Sequence[str], before: Sequence[str], command: str) -> list[str]:
    """The overrides that are meant by words which name a run or a file, as in `predict latest photos/`."""
    from aeexp.config.schemas import SCHEMAS

    known = [each.name for each in fields(SCHEMAS[command])]
    given = {word.partition("=")[0] for word in (*before, *words) if "=" in word}
    bare = [word for word in words if "=" not in word and word[:1] != "-"]
    runs = [word for word in bare if re.fullmatch(RUN, word)]
    free = [key for key in PATHS if key in known and key not in given]
    is_path = [re.fullmatch(PATH, word) or ("images" in free and os.path.exists(word)) for word in bare]
    paths = [word for word, each in zip(bare, is_path, strict=True) if each and word not in runs]
    if len(paths) > len(free):  # a pattern that the shell has expanded
        paths = [str(PurePath(paths[0]).parent)]
    key = next((key for key in RUNS if key in known and key not in given), None) if command != "train" else None
    named = [f"{key}=[{','.join(runs)}]" if key == "runs" else f"{key}={runs[0]}"] if key and runs else []
    return [*named, *(f"{name}={path}" for name, path in zip(free, paths, strict=False))]


def _after(override: str, word: str, command: str) -> str:
    """For a word behind an override whose value it may belong to."""
    from aeexp.config.known_names import groups

    if override.count("[") > override.count("]"):
        return f"a list is written without spaces, as in '{override}{word}'."
    if re.search(r"=[-\d.,e]+$", override) and re.fullmatch(r"[-\d.,e]+", word):
        sweep = f", or -m {override.rstrip(',')},{word} for a training each" if command == "train" else ""
        return f"an override takes one value, without spaces; write {override.rstrip(',')}{sweep}."
    if re.search(r"=['\"]?[^\d'\"\[]", override) and override.partition("=")[0] not in groups(command):
        return f"a value with spaces needs quotes; write '{override} {word}'."
    return ""


def _spaced(key: str, value: str) -> str:
    meant = f"{key.rstrip('=')}={value or '…'}"
    return f"{meant}: an override is written key=value, without spaces beside the equals sign; write {meant}."


def _key(name: str, command: str) -> str | None:
    """The key that a name is meant for."""
    from aeexp.config.known_names import groups, known_keys  # only where something is mistyped
    from aeexp.config.suggestions import keys_meant

    known = list(dict.fromkeys([*groups(command), *known_keys(command)]))
    return name if name in known else next(iter(keys_meant(name, known)), None)


def _choices(option: str, command: str) -> list[str]:
    """The overrides that choose an option of this name, in whatever case, or an experiment of nearly this name."""
    from aeexp.config.known_names import choices_of
    from aeexp.config.options import options

    near = get_close_matches(option.lower(), options("experiment"), n=1, cutoff=0.8) if command == "train" else []
    return choices_of(option, command) or choices_of(option.lower(), command) or [f"experiment={name}" for name in near]
