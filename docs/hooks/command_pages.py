"""Pages on the commands: the help of each, its keys and the groups that it takes options of."""

import json
import subprocess
import sys
from pathlib import Path

from config_pages import key_table, links

from aeexp.cli.key_help import HEADING
from aeexp.cli.main import COMMANDS
from aeexp.config.described_options import all_groups
from aeexp.config.paths import CONF
from aeexp.config.yaml_keys import ConfigFile


def command_pages() -> dict[str, str]:
    """The Markdown of each page by its path."""
    helps = json.loads(subprocess.check_output([sys.executable, Path(__file__).parent / "help_texts.py"]))
    return {"commands/index.md": _index()} | {f"commands/{name}.md": _page(name, helps[name]) for name in COMMANDS}


def _index() -> str:
    rows = [f"| [`aeexp {name}`]({name}.md) | {purpose} |" for name, purpose in COMMANDS.items()]
    return "\n".join(["# Commands", "", "| command | |", "|---|---|", *rows, ""])


def _page(command: str, text: str) -> str:
    file = ConfigFile(CONF / f"{command}.yaml")
    groups = [(group, chosen) for group, chosen in file.parts if group in all_groups()]
    rows = [f"| [`{group}`](../config/{group}.md) | {_chosen(group, chosen)} |" for group, chosen in groups]
    return "\n".join(
        [
            f"# aeexp {command}",
            "",
            f"```\n{text.partition(HEADING)[0].strip()}\n```",
            "",
            "## Keys",
            "",
            key_table(file.keys),
            *(["## Groups", "", "| group | default |", "|---|---|", *rows, ""] if rows else []),
        ]
    )


def _chosen(group: str, options: list[str]) -> str:
    return "" if options == ["None"] else links(group, options, "../")
