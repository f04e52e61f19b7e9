"""What a command prints at its end."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.control import Control
from rich.segment import ControlType
from rich.table import Table
from rich.text import Text

from aeexp.runs.metric_table import MetricTable, headline, latent_summary
from aeexp.runs.next_steps import store_overrides


@contextmanager
def said_meanwhile(text: str) -> Iterator[None]:
    """Shows a line on the terminal for the block, and elsewhere nothing."""
    console = Console()
    if not console.is_terminal:
        yield
        return
    console.print(text, end="", style="dim", soft_wrap=True)
    try:
        yield
    finally:
        console.control(Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2)))


def print_results(metrics: Mapping[str, float], state: str = "") -> None:
    """Print the metrics as a table, and what they amount to."""
    console, content = Console(), MetricTable.from_metrics(metrics)
    table = Table("", box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in content.columns:
        table.add_column(column, justify="right")
    for name, values in content.rows.items():
        table.add_row(name, *values)
    console.print(table)
    for line in filter(None, (headline(metrics), latent_summary(metrics), state)):
        console.print(line, soft_wrap=True)


def print_next(run_id: str) -> None:
    """Print the commands that most people go on with."""
    store, run = store_overrides(), f"run={run_id[:8]}"
    commands = {
        "next": f"aeexp predict {run} images=… output=…",
        "explore": f"aeexp explore {run}",
        "compare": "aeexp ui",
    }
    Console().print(Text("\n".join(f"{name:<9}{each}{store}" for name, each in commands.items())), soft_wrap=True)
