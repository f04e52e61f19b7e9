"""Notebook output: whether a program runs in a notebook, and output of a cell that is replaced as it changes."""

import html
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote

CELL = "text-align: left; padding: 2px 12px 2px 0"
"""Style of the cells of tables."""


def in_notebook() -> bool:
    """Whether this program is a notebook (Jupyter, Colab, VS Code), whose output is HTML."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and getattr(ipython.get_ipython(), "kernel", None) is not None


class ReplacedOutput:
    """Output of a cell that each call replaces, so that a notebook keeps the last one alone."""

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, content: str) -> None:
        """Show HTML in place of what was shown before."""
        from IPython.display import HTML, display  # a notebook has it

        if self._handle is None:
            self._handle = display(HTML(content), display_id=True)
        else:
            self._handle.update(HTML(content))


def displays_hidden() -> AbstractContextManager[object]:
    """Hides what is displayed inside the `with`, such as the empty output of libraries that capture their own text."""
    if not in_notebook():
        return nullcontext()
    from IPython.utils.capture import capture_output

    return capture_output(stdout=False, stderr=False)


def progress_bar(fraction: float, text: str) -> str:
    """A progress bar with words beside it, as HTML."""
    bar = f"<progress value='{fraction:.4f}' max='1' style='width: 16em; vertical-align: middle'></progress>"
    return f"<div style='font-variant-numeric: tabular-nums'>{bar} {html.escape(text)}</div>"


def html_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of texts as HTML; empty without rows."""
    cells = [
        "".join(f"<{tag} style='{CELL}'>{html.escape(str(text))}</{tag}>" for text in row)
        for tag, row in [("th", columns), *(("td", row) for row in rows)]
    ]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>" if rows else ""


def page_link(location: str) -> str:
    """Where a page is, as HTML: a link where the browser of a notebook can follow it, or else its path.

    Args:
        location: path or address. A page follows links to addresses, and to files beneath the notebook's folder.
    """
    path = Path(location)
    if path.is_absolute() and not path.is_relative_to(Path.cwd()):
        return f"<code>{html.escape(location)}</code>"
    target = quote(str(path.relative_to(Path.cwd()))) if path.is_absolute() else location
    return f"<a href='{html.escape(target, quote=True)}' target='_blank'>{html.escape(location)}</a>"


@contextmanager
def stage(text: str, *, quiet: bool = False) -> Iterator[None]:
    """Says what is at work: a line that stays on a terminal, and in a notebook one that goes when it is done."""
    if quiet or not in_notebook():
        if not quiet:
            print(text, flush=True)
        yield
        return
    output = ReplacedOutput()
    output.show(f"<i>{html.escape(text)} …</i>")
    try:
        yield
    finally:
        output.show("")
