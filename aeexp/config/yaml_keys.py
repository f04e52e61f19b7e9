"""Keys of a config file, each with its value and its comment, as the file has them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Key:
    """Key of a config file.

    Args:
        name: dotted.
        value: as the file writes it.
        comment: on and below its line, or above it.
    """

    name: str
    value: str
    comment: str


@dataclass(frozen=True)
class ConfigFile:
    """What a config file says of itself: the comment at its head, its parts and its keys."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def head(self) -> list[str]:
        """The lines of the comment at the head of the file, without Hydra's directive."""
        lines = takewhile(lambda line: line.startswith("#"), self.text.splitlines())
        return [line.removeprefix("#").strip() for line in lines if not line.startswith("# @")]

    @property
    def target(self) -> str:
        """The class that the file names; empty for none."""
        found = re.search(r"^ *_target_: *([\w.]+)", self.text, re.MULTILINE)
        return found[1] if found else ""

    @property
    def is_global(self) -> bool:
        """Whether its keys stand at the root of the config rather than beneath its group."""
        return "@package _global_" in self.text

    @property
    def parts(self) -> list[tuple[str, list[str]]]:
        """The groups that its list of defaults names, with the options that it chooses of each."""
        listed = (yaml.safe_load(self.text) or {}).get("defaults", [])
        chosen = [pair for each in listed if isinstance(each, dict) for pair in each.items()]
        return [(_group(key), value if isinstance(value, list) else [str(value)]) for key, value in chosen]

    @property
    def keys(self) -> list[Key]:
        """All keys but those of Hydra itself."""
        root = yaml.compose(self.text)
        root.value = [pair for pair in root.value if pair[0].value not in ("defaults", "hydra")]
        return list(_keys(root, (), self.text.splitlines()))


def _group(key: str) -> str:
    """The group of an entry of a list of defaults, such as `loss` of `override /loss@_global_.loss`."""
    return key.removeprefix("override ").lstrip("/").partition("@")[0]


def _keys(node: yaml.Node, prefix: tuple[str, ...], lines: Sequence[str]) -> Iterator[Key]:
    for key, value in node.value:
        names = (*prefix, key.value)
        if isinstance(value, yaml.MappingNode) and not value.flow_style:
            yield from _keys(value, names, lines)
        elif key.value != "_target_":
            yield Key(".".join(names), _written(value, lines), _comment(key, value, lines))


def _written(value: yaml.Node, lines: Sequence[str]) -> str:
    """A value as the file writes it, or in one line where the file takes several."""
    begin, end = value.start_mark, value.end_mark
    if begin.line == end.line:
        return lines[begin.line][begin.column : end.column]
    return yaml.safe_dump(yaml.safe_load(yaml.serialize(value)), default_flow_style=True, width=1000).strip()


def _comment(key: yaml.Node, value: yaml.Node, lines: Sequence[str]) -> str:
    place, column = key.start_mark.line, key.start_mark.column
    above = _comments(reversed(lines[:place]), column, column)[::-1]
    beside = re.findall(r"#\s*(.*)", lines[place][value.end_mark.column if value.end_mark.line == place else column :])
    below = _comments(lines[place + 1 :], column + 1, len(lines[place]))
    return " ".join([*(above if key.start_mark.line and column else []), *beside, *below])


def _comments(lines: Iterator[str] | Sequence[str], least: int, most: int) -> list[str]:
    """The lines at the beginning that are comments and stand between two columns."""
    found = []
    for line in lines:
        if not line.lstrip().startswith("#") or not least <= line.index("#") <= most:
            break
        found.append(line.strip("# "))
    return found
