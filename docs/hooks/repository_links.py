"""Links as GitHub resolves them, changed for the pages of the site."""

import logging
import posixpath
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOG = logging.getLogger("mkdocs.hooks.repository_links")
PAGES = {"README.md": "start.md", "CONTRIBUTING.md": "contributing.md"}
"""Pages of the site that are made of files outside `docs`."""

LINK = re.compile(r"(!?\[[^\]]*\])\((?!\w+:)([^)#\s]+)(#[^)\s]*)?\)")
"""Text, path and anchor of a link or a picture within the repository."""


def for_the_site(markdown: str, source: str) -> str:
    """The Markdown of a file with links to where the site has what they point to.

    What the site does not have, such as code, is shown without a link. A link to nothing is a warning.

    Args:
        markdown: of the file.
        source: its path below the root of the repository.
    """
    return LINK.sub(lambda link: _changed(link, source), markdown)


def _changed(link: re.Match[str], source: str) -> str:
    shown, path, anchor = link.groups(default="")
    folder = posixpath.dirname(source)
    target = posixpath.normpath(posixpath.join(folder, path))
    page = f"docs/{PAGES[target]}" if target in PAGES else target
    if page.startswith("docs/"):
        return f"{shown}({posixpath.relpath(page, folder if folder.startswith('docs') else 'docs')}{anchor})"
    if not (ROOT / target).exists():
        LOG.warning("%s: a link points to '%s', which is not in the repository.", source, path)
    return shown.strip("[]")
