"""Overrides of a call: strings as on the command line, keywords, mappings and components, as words for Hydra."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aeexp.api.components import component_name, component_node, is_component
from aeexp.api.memory_data import has_arrays, stored_data
from aeexp.config.known_names import LISTS
from aeexp.config.overrides import named, overridden
from aeexp.config.paths import CONF, mlruns_of
from aeexp.config.quotes import VALUES
from aeexp.errors import ConfigError

EMPTY = {"loss": "[]", "metric": "[]"}
"""What chooses nothing in a group that has no option `none`."""


@dataclass(frozen=True)
class Overrides:
    """Overrides of a call.

    Args:
        words: as on the command line.
        components: the names of those that are given as objects, by their keys.
        modules: in which the classes of these are.
    """

    words: tuple[str, ...]
    components: Mapping[str, str]
    modules: tuple[str, ...]

    @classmethod
    def of(cls, given: Sequence[str | Mapping[str, Any]], settings: Mapping[str, Any]) -> "Overrides":
        """The overrides of a call with these arguments.

        Args:
            given: overrides such as `trainer.epochs=3`, and mappings of dotted keys to values or components.
            settings: the same as keywords; in keys, `__` stands for a dot.

        Raises:
            ConfigError: for what is no override, or a value that no override can be made of.
        """
        words: list[str] = []
        nodes: dict[str, str] = {}
        modules: list[str] = []
        parts = [each if isinstance(each, str) else _dotted(each) for each in (*given, settings)]
        home = _home(parts)
        for each in parts:
            if isinstance(each, str):
                words.append(each)
                continue
            for key, value in each.items():
                if key == "dataset" and (has_arrays(value) or _is_list_of_numbers(value)):
                    words += ["dataset=arrays", f"dataset.path={quote(str(stored_data(value, home)))}"]
                    continue
                components = _components(key, value)
                names = _names(key, value) if components else []
                words += _replaced(key, components, names) if components else _words(key, value)
                nodes |= {key: "+".join([*names, *map(component_name, components)])} if components else {}
                modules += [type(component).__module__ for component in components]
        return cls(tuple(words), nodes, tuple(dict.fromkeys(modules)))

    @property
    def named_words(self) -> tuple[str, ...]:
        """The words of a training, with a name for the run that tells of the components by their names."""
        if not self.components or any(word.startswith("name=") for word in self.words):
            return self.words
        told = overridden([word for word in self.words if not _is_node(word, self.components)])
        return (*self.words, f"name={quote(named({**told, **self.components}))}")


def _dotted(given: Any) -> dict[str, Any]:
    """A mapping of keys to values, with dots in its keys.

    Raises:
        ConfigError: for what is no mapping, or has other keys than text.
    """
    if not isinstance(given, Mapping):
        raise ConfigError(f"an override is a string such as 'trainer.epochs=3', or a mapping. Received {given!r}.")
    for key in given:
        if not isinstance(key, str):
            raise ConfigError(f"the keys of a mapping are text, such as 'trainer.epochs'. Received {key!r}.")
    return {key.replace("__", "."): value for key, value in given.items()}


def _is_list_of_numbers(value: Any) -> bool:
    """Whether a data set is given as a list of neither names nor components."""
    return isinstance(value, list | tuple) and not any(isinstance(each, str) or is_component(each) for each in value)


def _home(given: Sequence[str | Mapping[str, Any]]) -> str:
    """The folder of all runs that a call names, or the default."""
    words = [each for each in given if isinstance(each, str)]
    keys = [f"home={each['home']}" for each in given if isinstance(each, Mapping) and each.get("home")]
    return mlruns_of([*words, *keys])


def _components(key: str, value: Any) -> list[Any]:
    """The components of a value; none where it is something else.

    Raises:
        ConfigError: for several where one is taken.
    """
    several = isinstance(value, list | tuple)
    found = [each for each in (value if several else [value]) if is_component(each)]
    if found and several and key not in LISTS:
        raise ConfigError(f"{key}: takes one component. Received {len(found)}.")
    return found


def _names(key: str, value: Any) -> list[str]:
    """The options that are named before the components of a list.

    Raises:
        ConfigError: for what is neither, or a name after a component, as corruptions are applied in their order.
    """
    others = [each for each in value if not is_component(each)] if isinstance(value, list | tuple) else []
    if not all(isinstance(each, str) for each in others) or list(value[: len(others)] if others else []) != others:
        raise ConfigError(f"{key}: give names of options first, and components after them. Received {value!r}.")
    return others


def _replaced(key: str, components: Sequence[Any], options: Sequence[str] = ()) -> list[str]:
    """The overrides that put components, after some options, in the place of what is chosen under a key."""
    if key in LISTS:
        names = list(options)
        for component in components:
            name, count = component_name(component), 2
            while name in names:
                name, count = f"{component_name(component)}_{count}", count + 1
            names.append(name)
        own = zip(names[len(options) :], components, strict=True)
        nodes = [f"+{key}.{name}={text(component_node(each))}" for name, each in own]
        return [f"{key}=[{','.join(options)}]" if options else f"{key}={EMPTY.get(key, 'none')}", *nodes]
    place = "model.architecture" if key == "model" else key
    return [f"~{place.replace('.', '/')}", f"+{place}={text(component_node(components[0]))}"]


def _is_node(word: str, nodes: Mapping[str, str]) -> bool:
    """Whether a word is made of a component."""
    key = word.lstrip("+~").partition("=")[0].replace("/", ".")
    return any(f"{key}.".startswith(f"{each}.") for each in nodes)


def _words(key: str, value: Any) -> Iterator[str]:
    """The overrides that set a key to a value, or the keys beneath it to those of a mapping."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _words(f"{key}.{name}", each)
    elif isinstance(value, str):
        yield f"{_place(key)}={value}"  # with its own quotes and brackets, as on the command line
    else:
        yield f"{_place(key)}={text(value)}"


def _place(key: str) -> str:
    """A key as Hydra writes it: `model/architecture` is a group, whose options are chosen with a slash."""
    group = key.replace(".", "/")
    return group if "/" in group and (CONF / group).is_dir() else key


def text(value: Any) -> str:
    """A value in Hydra's grammar.

    Raises:
        ConfigError: for a value that no config holds.
    """
    if value is None:
        return "null"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str | Path):
        return str(value) if _is_plain(str(value)) else quote(str(value))
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{text(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple | range):
        return "[" + ",".join(map(text, value)) + "]"
    raise ConfigError(
        f"no setting can be a {type(value).__name__}. Received {value!r}; give a number, a string, a list, a mapping, "
        "or a component of aeexp or Keras."
    )


def _is_plain(value: str) -> bool:
    """Whether Hydra reads a text without quotes as it is."""
    return re.fullmatch(r"[A-Za-z_]\w*(\.\w+)*", value) is not None and value.lower() not in VALUES


def quote(value: str) -> str:
    """A text in quotes, before which and at whose end a backslash is written twice."""
    escaped = re.sub(r"(\\*)'", r"\1\1\'", value)
    return "'" + re.sub(r"(\\+)$", r"\1\1", escaped) + "'"
