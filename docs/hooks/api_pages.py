"""Directives of the pages on the Python API: each public name on the page of its kind."""

from collections.abc import Iterator
from pathlib import Path

import aeexp

LISTS = "aeexp.api.listing"
"""Where the lists of options are."""

HEADINGS = {"lists": "Lists of options", "types": "Types"}
"""Of those kinds that share a page with another one, in which they come last."""

PAGES = {
    "api/calls.md": ("calls", "lists"),
    "api/results.md": ("results",),
    "api/contracts.md": ("contracts", "types"),
    "api/errors.md": ("errors",),
}
"""The kinds of names on each page."""


def directives(page: str) -> str:
    """What stands on a page beneath its first lines; empty for a page on something else."""
    return "\n".join(line for kind in PAGES.get(page, ()) for line in _of_kind(kind))


def kind_of(name: str, module: str) -> str:
    """Whether a public name is a call, a result, a contract, …"""
    if name.islower():
        return "lists" if module == LISTS and name not in ("runs", "options") else "calls"
    if module == "aeexp.errors":
        return "errors"
    if module.startswith(("aeexp.api.", "aeexp.explorer.")):
        return "results"
    return "contracts" if module.endswith(f".{name.lower()}") else "types"


def _of_kind(kind: str) -> Iterator[str]:
    names = {name: module for name, module in aeexp._MODULES.items() if kind_of(name, module) == kind}
    if kind == "errors":
        yield "\n::: aeexp.errors"
        yield "    options: {show_root_heading: false, show_root_toc_entry: false, show_bases: true}"
        return
    if kind in HEADINGS:
        yield f"\n## {HEADINGS[kind]}\n"
    for name, module in names.items():
        yield from _directive(name, module, kind)


def _directive(name: str, module: str, kind: str) -> Iterator[str]:
    is_package = (Path(aeexp.__file__).parent / name).is_dir()  # of which mkdocstrings would take the contents
    level, inherited = 3 if kind in HEADINGS else 2, str(kind == "results").lower()
    yield f"\n::: {module if is_package else 'aeexp'}.{name}"
    shown = f"heading: aeexp.{name}, toc_label: {name}, heading_level: {level}, inherited_members: {inherited}"
    yield f"    options: {{{shown}}}"
