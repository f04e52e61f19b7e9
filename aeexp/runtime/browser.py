"""Pages for the browser: where they are, and opening them."""

import webbrowser
from pathlib import Path

from rich.console import Console
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from aeexp.errors import ConfigError


def page_path(written: str) -> Path:
    """The file of a page that is to be written, as `static=page.html` names it.

    Raises:
        ConfigError: for a folder, or another ending.
    """
    path = Path(written).expanduser()
    if path.suffix != ".html" or path.is_dir():
        raise ConfigError(f"static: must be a file that ends in .html. Received '{path}'; use e.g. static=page.html.")
    return path


def show_page(name: str, location: str, *, opened: bool) -> None:
    """Print where a page is, as a link where the terminal shows links, and open it where that is wanted.

    Args:
        name: printed before it.
        location: path or address.
    """
    link = Path(location).as_uri() if Path(location).is_absolute() else location
    console = Console()
    console.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2)))  # in place of a progress bar
    console.print(Text.assemble(f"{name:<9}", (location, f"link {link}")), soft_wrap=True)
    if opened and not webbrowser.open(link):
        print("open=true: no browser can be started here; open the page by hand.")
