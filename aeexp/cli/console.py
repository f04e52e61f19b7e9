"""The summary that a command prints at its end."""

from collections.abc import Mapping

from hydra.core.hydra_config import HydraConfig
from rich.console import Console
from rich.table import Table

LOSSES = ("train/loss", "val/loss")


def print_results(metrics: Mapping[str, float], location: str) -> None:
    """Print a table of metrics, where the figures are, and how to compare the run with others."""
    console = Console()
    table = Table("metric", "value")
    for name, value in metrics.items():
        table.add_row(name, f"{value:.4f}")
    console.print(table)
    console.print(f"pictures  {location}/figures", soft_wrap=True)
    console.print(" ".join(["compare   aeexp ui", *_tracking_overrides()]), soft_wrap=True)


def summary(metrics: Mapping[str, float]) -> dict[str, float]:
    """The numbers of a training that its end shows: the losses, and all metrics of the test images."""
    return {name: value for name, value in metrics.items() if name in LOSSES or name.startswith("test/")}


def _tracking_overrides() -> list[str]:
    """The overrides that say where runs are, which the UI needs as well."""
    return [word for word in HydraConfig.get().overrides.task if word.startswith(("tracking", "home="))]
