"""Pages on the config: one of each group, with every option, its keys and the docstring of its class."""

from collections.abc import Iterator

from aeexp.config.described_options import all_groups, described_options
from aeexp.config.known_names import LISTS
from aeexp.config.options import train_defaults
from aeexp.config.paths import CONF
from aeexp.config.yaml_keys import ConfigFile, Key

DOCSTRING = """\
::: {}
    options:
      members: []
      show_root_heading: false
      show_root_toc_entry: false
      show_bases: false
"""


def config_pages() -> dict[str, str]:
    """The Markdown of each page by its path."""
    return {"config/index.md": _index()} | {page(group): _group_page(group) for group in all_groups()}


def page(group: str) -> str:
    """The path of the page of a group."""
    return f"config/{group.replace('/', '-')}.md"


def key_table(keys: list[Key], prefix: str = "", value: str = "default") -> str:
    """A table of keys with values and comments.

    Args:
        prefix: of the keys.
        value: what the values are.
    """
    rows = [f"| `{prefix}{key.name}` | {_value(key)} | {_cell(key.comment)} |" for key in keys]
    return "\n".join([f"| key | {value} | |", "|---|---|---|", *rows, ""]) if rows else ""


def links(group: str, options: list[str], folder: str = "") -> str:
    """Options of a group, as links to what its page says of each."""
    path = f"{folder}{page(group)}" if folder else page(group).removeprefix("config/")
    known = described_options(group)
    shown = [f"[`{name}`]({path}#{anchor(name)})" if name in known else f"`{name}`" for name in options]
    return ", ".join(shown)


def anchor(option: str) -> str:
    """The address of an option on the page of its group."""
    return option.replace("/", "-")


def _index() -> str:
    rows = [
        f"| [`{group}`]({page(group).partition('/')[2]}) | {links(group, [*described_options(group)])} |"
        for group in all_groups()
    ]
    return "\n".join(
        [
            "# Config groups and options",
            "",
            "`group=option` chooses an option, `group.option.key=value` or `group.key=value` sets a value, and",
            "`aeexp train --cfg job` prints the result. `aeexp help GROUP` lists the options of a group.",
            "",
            "| group | options |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def _group_page(group: str) -> str:
    several = f"; `'{group}=[A,B]'` takes several" if group in LISTS else ""
    return "\n".join(
        [
            f"# {group}",
            "",
            f"`aeexp train {group}=OPTION` chooses one of these{several}.{_default(group)}",
            "",
            "| option | |",
            "|---|---|",
            *(f"| [`{name}`](#{anchor(name)}) | {_cell(what)} |" for name, what in described_options(group).items()),
            "",
            *(line for name in described_options(group) for line in _option(group, name)),
        ]
    )


def _default(group: str) -> str:
    """What a training takes if nothing is chosen."""
    chosen = train_defaults().get(group)
    names = chosen if isinstance(chosen, list) else [chosen]
    return f" The default is {', '.join(f'`{name}`' for name in names)}." if chosen else ""


def _option(group: str, name: str) -> Iterator[str]:
    file = ConfigFile(CONF / group / f"{name}.yaml")
    yield f"## {name} {{ #{anchor(name)} }}\n"
    for line in file.head:
        yield f"```\n{line}\n```\n" if line.startswith("aeexp ") else line
    yield ""
    parts = [(f"{group}/{part}" if f"{group}/{part}" in all_groups() else part, chosen) for part, chosen in file.parts]
    chosen = [f"`{part}`: {links(part, names)}" for part, names in parts if part in all_groups()]
    yield f"Chooses {'; '.join(chosen)}.\n" if chosen else ""
    prefix, value = ("", "value") if file.is_global else (f"{group.replace('/', '.')}.", "default")
    yield key_table(file.keys, prefix, value)
    if file.target.startswith("aeexp."):
        yield f"Class: `{file.target}`\n\n{DOCSTRING.format(file.target)}"
    elif file.target:
        yield f"Class: `{file.target}`\n"


def _value(key: Key) -> str:
    return "required" if key.value == "???" else f"`{_cell(key.value)}`"


def _cell(text: str) -> str:
    """A text in which a table takes no sign for one of its own."""
    return text.replace("|", "\\|").replace("<", "&lt;")
