"""One-line messages, with a way to fix them, for the errors that Hydra raises for a command line."""

from collections.abc import Iterator, Sequence

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig, OmegaConf

from aeexp.config.paths import CONF
from aeexp.config.suggestions import did_you_mean
from aeexp.runtime.compat import overridden_key

LAUNCHERS = {"ray": "ray", "submitit_slurm": "slurm"}
"""The extra of the package that installs each of Hydra's optional launchers."""


def explain(error: Exception, command: str, arguments: list[str]) -> str:
    """The message for an error that Hydra raised while composing the config of a command."""
    if isinstance(error, OverrideParseException):
        return _invalid_override(error, command)
    if isinstance(error, MissingConfigException) and error.options is not None:
        group, _, option = str(error.missing_cfg_file).rpartition("/")
        return _unknown_option(group, option, error.options)
    if key := overridden_key(error):
        return _unknown_key(key, command, arguments)
    message, cause = _first_line(error), error.__cause__ and _first_line(error.__cause__)
    return f"{message} ({cause})." if message and cause else f"{message or cause}."


def _invalid_override(error: OverrideParseException, command: str) -> str:
    if "=" not in error.override:
        return f"{error.override}: an override is written key=value. See aeexp {command} --help."
    cause = f" ({_first_line(error.__cause__)})" if error.__cause__ else ""
    return f"{error.override}: not a valid override{cause}; check its key, its quotes and its brackets."


def _unknown_option(group: str, option: str, options: Sequence[str]) -> str:
    if group == "hydra/launcher" and option in LAUNCHERS:
        extra = LAUNCHERS[option]
        return f"launch={extra}: its launcher is not installed. Install it: pip install 'aeexp[{extra}]'."
    return f"{group}={option}: no such option.{did_you_mean(option, options)} Choose from {', '.join(options)}."


def _unknown_key(key: str, command: str, arguments: list[str]) -> str:
    known = list(_keys(_compose_without(key, command, arguments)))
    group, option, *_ = [*key.split("."), ""]
    if (CONF / group / f"{option}.yaml").exists() and f"{group}.{option}" not in known:
        return f"{key}: {group}.{option} is not chosen; add {group}={option}."
    parent = key.rpartition(".")[0]
    siblings = [name for name in known if name.rpartition(".")[0] == parent]
    hint = did_you_mean(key, siblings) or did_you_mean(key, known)
    place = f" {parent} has {', '.join(name.rpartition('.')[2] for name in siblings)}." if parent and siblings else ""
    return f"{key}: no such key in the config.{hint}{place} See aeexp {command} --cfg job."


def _compose_without(key: str, command: str, arguments: list[str]) -> DictConfig:
    """The config without the override of a key, or without any override if others are wrong as well."""
    overrides = [word for word in arguments if "=" in word and not word.startswith("-")]
    others = [word for word in overrides if _key_of(word) != key and not _is_sweep(word)]
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        try:
            return compose(command, others)
        except HydraException:
            return compose(command)


def _key_of(word: str) -> str:
    return word.partition("=")[0].lstrip("+~")


def _is_sweep(word: str) -> bool:
    return OverridesParser.create().parse_override(word).is_sweep_override()


def _keys(node: DictConfig, prefix: str = "") -> Iterator[str]:
    """The dotted keys of a config, those of its parts included."""
    for name in map(str, node):
        key = f"{prefix}{name}"
        yield key
        has_value = not OmegaConf.is_missing(node, name) and not OmegaConf.is_interpolation(node, name)
        if has_value and isinstance(node[name], DictConfig):
            yield from _keys(node[name], f"{key}.")


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")
