"""Composition of a command's config as far as completion needs it: chosen options, and keys with their defaults."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aeexp.cli.completion.config_files import ConfigFiles
from aeexp.config.options import flatten

OF_THE_RUN = ("dataset", "corruption")
"""Groups that are the run's own where a command chooses none, so that the keys of any option may be meant."""

Options = dict[str, list[str]]
"""The chosen options of each group."""


@dataclass(frozen=True)
class Composition:
    """What the words of a command line choose.

    Args:
        files: that it is composed of.
        typed: the options that are chosen on the command line, or by an option that is.
        chosen: the options of each group that the command has.
        values: the default of each dotted key.
    """

    files: ConfigFiles
    typed: Options = field(default_factory=dict)
    chosen: Options = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, files: ConfigFiles, command: str, words: Sequence[str]) -> "Composition":
        """That of a command and the overrides behind it; several values of a sweep count all."""
        root = files.content("", command)
        groups = {**_groups(root), **{name: [] for name in _typed(words) if name in files.groups()}}
        composition = cls(files, _typed(words))
        for group in reversed(groups):  # the last one decides, as `experiment` does
            for option in composition.typed.get(group, groups[group]):
                for name, options in composition.overridden(group, option):
                    composition.typed.setdefault(name, options)
        for group, options in groups.items():
            composition.add(group, options)
        composition.values.update(_own_values(root))
        return composition

    def overridden(self, group: str, option: str) -> Iterator[tuple[str, list[str]]]:
        """The groups of which an option of another one chooses the options."""
        for key, value in _entries(self.files.content(group, option)):
            if not key:
                yield from self.overridden(group, value)
            elif key.startswith("override "):
                yield _name(key.removeprefix("override ")), _listed(value)

    def add(self, group: str, default: list[str]) -> None:
        """Add what is chosen in a group: the options that were typed, or else the default ones."""
        chosen = self.chosen[group] = self.typed.get(group, default)
        if not chosen and group in OF_THE_RUN:
            chosen = self.files.options(group)
        for option in chosen:
            self._add_option(group, option)

    def _add_option(self, group: str, option: str) -> None:
        node = self.files.content(group, option)
        for key, value in _entries(node):
            if not key:
                self._add_option(group, value)
            elif not key.startswith("override "):
                self.add(key[1:] if key.startswith("/") else f"{group}/{_name(key)}", _listed(value))
        prefix = "" if self.files.is_global(group, option) else f"{group.replace('/', '.')}."
        self.values.update({f"{prefix}{key}": value for key, value in _own_values(node).items()})


def _entries(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The list of defaults as keys and values; a file that is named without a group has no key."""
    listed = node.get("defaults")
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, dict):
            yield from ((str(key), value) for key, value in entry.items())
        elif entry != "_self_":
            yield "", str(entry)


def _groups(root: Mapping[str, Any]) -> Options:
    return {_name(key): _listed(value) for key, value in _entries(root) if key and not key.startswith("override ")}


def _own_values(node: Mapping[str, Any]) -> dict[str, Any]:
    values = flatten({key: value for key, value in node.items() if key not in ("defaults", "hydra")})
    return {key: value for key, value in values.items() if not key.endswith("_target_")}


def _name(key: str) -> str:
    """The group that a key of a list of defaults names, such as `loss` of `/loss@_global_.loss`."""
    return key.removeprefix("optional ").partition("@")[0].strip("/ ")


def _listed(value: Any) -> list[str]:
    return [] if value is None else [str(each) for each in (value if isinstance(value, list) else [value])]


def _typed(words: Sequence[str]) -> Options:
    pairs = (word.lstrip("+").partition("=") for word in words if "=" in word)
    return {key: re.findall(r"[\w/-]+", value) if value != "null" else [] for key, _, value in pairs if "." not in key}
