"""`aeexp train`: one run, from its config to MLflow."""

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig
from rich.console import Console
from rich.table import Table

from aeexp.quiet import import_tensorflow

SHOWN = ("train/loss", "val/loss", "val/bce", "test/bce", "test/mse", "test/psnr", "test/ssim")


def run(config: DictConfig) -> None:
    """Train what the config describes and say where to look at it."""
    import_tensorflow()
    from aeexp.experiment import Experiment

    result = Experiment.from_config(config).run()
    console = Console()
    console.print(_table(result.metrics))
    console.print(f"pictures  {result.location}/figures", soft_wrap=True)
    console.print(" ".join(["compare   aeexp ui", *_where()]), soft_wrap=True)


def _where() -> list[str]:
    """What was said of the tracking, for the UI to be told as well."""
    return [word for word in HydraConfig.get().overrides.task if word.startswith("tracking")]


def _table(metrics: dict[str, float]) -> Table:
    table = Table("metric", "value")
    for name in SHOWN:
        table.add_row(name, f"{metrics[name]:.4f}")
    return table
