"""One-line messages, with a way to fix them, for the errors that Hydra raises for a command line."""

import re
from collections.abc import Sequence
from shlex import quote
from typing import get_origin, get_type_hints

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException, MissingConfigException, OverrideParseException

from aeexp.config.config_keys import own_of_run
from aeexp.config.known_names import LISTS, choices_of, choices_with, groups, known_keys
from aeexp.config.options import EXPERIMENT, options
from aeexp.config.paths import CONF
from aeexp.config.schemas import SCHEMAS
from aeexp.config.suggestions import OPTIONS, did_you_mean, hint, keys_meant, synonyms
from aeexp.config.wrong_types import as_list, written, wrong_type
from aeexp.runtime.compat import overridden_key

LAUNCHERS = {"ray": "ray", "submitit_slurm": "slurm"}
"""The extra of the package that installs each of Hydra's optional launchers."""

SEVERAL = "as in -m seed=0,1,2 or -m 'seed=range(0,3)'"


def explain(error: Exception, command: str, arguments: Sequence[str], *, in_program: bool = False) -> str:
    """The message for an error that Hydra raised while composing the config of a command.

    Args:
        in_program: whether a program gave the overrides, rather than a command line.
    """
    if isinstance(error, OverrideParseException):
        return _invalid_override(error, command)
    if isinstance(error, MissingConfigException) and (missing := _missing_option(error)):
        return _unknown_option(*missing, command)
    if key := overridden_key(error):
        return _unknown_key(key, command, arguments)
    if found := re.search(r"(Ambiguous value for argument|Sweep parameters) '(.+)'", str(error)):
        return _several_values(found[2], command, arguments, in_program)
    if found := re.search(r"Error merging override (.+)", str(error)):
        key, _, value = found[1].lstrip("+").partition("=")
        if message := wrong_type(key, value.strip("'"), error.__cause__):
            return message
    message, cause = _first_line(error), error.__cause__ and _first_line(error.__cause__)
    return f"{message} ({cause})." if message and cause else f"{message or cause}."


def _invalid_override(error: OverrideParseException, command: str) -> str:
    word = error.override
    key, equals, value = word.partition("=")
    if not equals:
        return f"{word}: an override is written key=value. See aeexp {command} --help."
    if not key:
        return f"{word}: an override is written key=value; put a key before the equals sign."
    if re.match(r"\w+\(", value):
        return f"{word}: not a valid list of values; check its brackets. Several values are written {SEVERAL}."
    if value.count("[") != value.count("]") or value.count("{") != value.count("}"):
        return f"{word}: not a valid override; its brackets are not closed."
    return f"{word}: not a valid override; check its key, its quotes and its brackets."


def _several_values(word: str, command: str, arguments: Sequence[str], in_program: bool) -> str:
    """For values with commas, where one is expected."""
    key, _, value = word.lstrip("+").partition("=")
    meant = _known(key, command, arguments)
    if meant not in groups(command) and (form := _as_list(meant, value, command)):
        return f"{word}: a list needs brackets.{hint([f'{meant}={form}'])}"
    if command != "train":
        return f"{word}: takes one value. Received several; run aeexp {command} once for each."
    can_be_list = key in LISTS and "none" not in value.split(",")
    as_list = f" For all of them in one training, write '{key}=[{value}]'." if can_be_list else ""
    example = "seed=0,1,2" if re.match(r"interval\(", value) else f"{meant}={value}"
    way = f'is made by aeexp.sweep("{example}")' if in_program else f"needs -m: aeexp train -m {example}"
    return f"{word}: several values are a sweep, which {way}.{as_list}"


def _known(key: str, command: str, arguments: Sequence[str]) -> str:
    """The key of the command that is meant."""
    known = [*known_keys(command, *_others(key, arguments)), *groups(command)]
    return key if key in known or "/" in key else next(iter(keys_meant(key, known)), key)


def _as_list(key: str, value: str, command: str) -> str:
    """A value in brackets, if the key takes a list."""
    is_list = get_origin(get_type_hints(SCHEMAS[command]).get(key)) is list
    form = as_list(key, value) if is_list else written(key, value)
    return form if form.startswith("[") else ""


def _missing_option(error: MissingConfigException) -> tuple[str, str, Sequence[str]] | None:
    """The group, the option and those that there are."""
    found = re.search(r"Could not load '([\w/]+)/(\w+)'", str(error))  # of an option in a list
    if error.options is None and found:
        return found[1], found[2], options(found[1])
    group, _, option = str(error.missing_cfg_file).rpartition("/")
    return None if error.options is None else (group, option, error.options)


def _unknown_option(group: str, option: str, known: Sequence[str], command: str) -> str:
    if group.partition("/")[0] == EXPERIMENT:
        option, group, known = f"{group}/{option}".partition("/")[2], EXPERIMENT, options(EXPERIMENT)
    if group == "hydra/launcher" and option in LAUNCHERS:
        extra = LAUNCHERS[option]
        return f"launch={extra}: its launcher is not installed. Install it: pip install 'aeexp[{extra}]'."
    named = [name.partition("=")[2] for name in synonyms(option, OPTIONS) if name.startswith(f"{group}=")]
    meant = hint([name for name in named if name in known]) or did_you_mean(option, known)
    elsewhere = [choice for choice in choices_of(option.lower(), command) if not choice.startswith(f"{group}=")]
    also = f" There is {' and '.join(elsewhere)}." if elsewhere else ""
    parts = [part for part in re.split(r"\W+", option) if part]
    if group in LISTS and len(parts) > 1 and set(parts) <= set(known):
        return f"{group}={option}: no such option. Did you mean '{group}=[{','.join(parts)}]'?"
    if re.fullmatch(r"[-\d.e]+", option):
        also = f" A number is set by the key of a component, as in {_number_example(group)}."
    return f"{group}={option}: no such option.{meant}{also} Choose from {', '.join(known)}."


def _number_example(group: str) -> str:
    examples = {
        "augmentation": "augmentation=shift augmentation.shift.pixels=3",
        "corruption": "corruption=noise corruption.noise.std=0.5",
        "loss": "loss.bce.weight=0.5",
        "model": "model.latent_dim=8",
        "optimizer": "optimizer.learning_rate=0.01",
    }
    return examples.get(group, "trainer.epochs=5")


def _unknown_key(key: str, command: str, arguments: Sequence[str]) -> str:
    if message := own_of_run(key, command):
        return message
    if folder := key.removeprefix(f"{EXPERIMENT}/").removesuffix("=") if key.startswith(f"{EXPERIMENT}/") else "":
        within = [name for name in options(EXPERIMENT) if name.startswith(f"{folder}/")]
        return f"{key}: no such group.{hint([f'{EXPERIMENT}={name}' for name in within])}"
    known = [*known_keys(command, *_others(key, arguments)), *groups(command)]
    if (dotted := re.sub("/|__", ".", key)) in known:
        what = "group" if "/" in key else "key in the config"
        return f"{key}: no such {what}.{hint([dotted])} See aeexp {command} --cfg job."
    group, option, *_ = [*key.split("."), ""]
    if (CONF / group / f"{option}.yaml").exists() and group in known and f"{group}.{option}" not in known:
        return f"{key}: {group}.{option} is not chosen; add {quote(_chosen(f'{group}={option}'))}."
    if group in known and (choices := choices_with(key)):
        return f"{key}: what is chosen has no such key; it belongs to {' and '.join(choices)}."
    if not option and command == "train" and (message := _component(key, _value(key, arguments), known)):
        return message
    meant = keys_meant(key, known)
    parent = key.rpartition(".")[0]
    siblings = [name for name in known if name.rpartition(".")[0] == parent and not name.endswith("_target_")]
    place = f" {parent} has {', '.join(name.rpartition('.')[2] for name in siblings)}." if parent and siblings else ""
    if meant and meant[0] not in known and (choices := choices_with(meant[0])):
        value = written(meant[0], _value(key, arguments)) or "…"
        choice = f"{_chosen(choices[0])} " if len(choices) == 1 else ""
        where = f" It belongs to {' and '.join(choices)}." if len(choices) > 1 else ""
        return f"{key}: no such key in the config. Did you mean '{choice}{meant[0]}={value}'?{where}"
    if len(meant) == 1 and (form := written(meant[0], value := _value(key, arguments))) != value:
        meant = [f"{meant[0]}={form}"]
    return f"{key}: no such key in the config.{hint(meant)}{place} See aeexp {command} --cfg job."


def _component(key: str, value: str, known: Sequence[str]) -> str:
    """For the name of an option in place of its group, as in `mnist=true` or `noise=0.5`."""
    if keys_meant(key, known)[:1] and keys_meant(key, known)[0].count(".") == 2:
        return ""  # which names the field that the value is for
    choices = [choice for choice in choices_of(key.lower(), "train") if choice.partition("=")[0] in known]
    return f"{key}: no such key in the config.{hint(choices)} See aeexp train --help." if choices else ""


def _chosen(choice: str) -> str:
    """The override that chooses an option; the divergence is added to another term."""
    return choice.replace("loss=kl", "loss=[bce,kl]") if choice == "loss=kl" else choice


def _others(key: str, arguments: Sequence[str]) -> list[str]:
    """The overrides of other keys, of those that are swept the last choice of a group."""
    overrides = [word for word in arguments if "=" in word and not word.startswith("-") and _key_of(word) != key]
    return [chosen for word in overrides if (chosen := _without_sweep(word))]


def _without_sweep(word: str) -> str | None:
    try:
        override = OverridesParser.create().parse_override(word)
        if not override.is_sweep_override():
            return word
        values = list(override.sweep_string_iterator()) if (CONF / override.key_or_group).is_dir() else []
    except HydraException:
        return None
    return f"{override.get_key_element()}={values[-1]}" if values else None


def _value(key: str, arguments: Sequence[str]) -> str:
    return next((word.partition("=")[2] for word in arguments if _key_of(word) == key), "")


def _key_of(word: str) -> str:
    return word.partition("=")[0].lstrip("+~")


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")
