"""`aeexp transfer`: evaluate several runs on several data sets."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from aeexp.config.instantiate import instantiate
from aeexp.config.suggestions import did_you_mean
from aeexp.datasets.binarization import NONE
from aeexp.errors import ConfigError
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.artifacts import figure_formats
from aeexp.tracking.opening import open_recorded

if TYPE_CHECKING:
    from aeexp.runs.transfer import TransferResult


def run(config: DictConfig) -> None:
    """Evaluate, record, and print the table."""
    tracker = open_recorded(config.tracking)
    ids = [find_trained(tracker.store, run) for run in config.runs]
    import_tensorflow()
    from aeexp.datasets.dataset import Dataset
    from aeexp.runs.factory import build_baselines
    from aeexp.runs.loading import LoadedRun
    from aeexp.runs.provenance import describe_transfer
    from aeexp.runs.transfer import evaluate_transfer, transfer_artifacts

    formats = figure_formats(config.report)
    datasets = {name: instantiate(_dataset_node(name, config.limit), "dataset", Dataset) for name in config.datasets}
    baselines, comparison = build_baselines(config)
    saved = {each.name: each for each in (LoadedRun.find(run, tracker.store, config.allow) for run in ids)}
    pairs = [(run, dataset) for run in saved for dataset in datasets]
    cells = [
        evaluate_transfer(run, saved[run], dataset, datasets[dataset], baselines, comparison)
        for run, dataset in track(pairs, "evaluating", transient=True)
    ]
    with tracker.record(describe_transfer([each.id for each in saved.values()], list(datasets))) as recorded:
        for artifact in transfer_artifacts(cells, formats):
            recorded.write(artifact)
    console = Console()
    console.print(_table(cells))
    for name, each in saved.items():
        if each.binarization != NONE:
            console.print(
                f"{name} was trained on black and white images and given such ({each.binarization}).", markup=False
            )
    console.print(f"figure  {recorded.location}/figures/transfer.png", soft_wrap=True, markup=False)


def _dataset_node(name: str, limit: int | None) -> DictConfig:
    sources = HydraConfig.get().runtime.config_sources  # the package's, and that of --config-dir
    folders = [Path(source.path, "dataset") for source in sources if source.schema == "file"]
    paths = {path.stem: path for folder in folders for path in folder.glob("*.yaml")}
    if name not in paths:
        options = sorted(paths)
        raise ConfigError(
            f"datasets: no such data set: {name}.{did_you_mean(name, options)} Choose from {', '.join(options)}."
        )
    node: DictConfig = OmegaConf.load(paths[name])  # type: ignore[assignment]
    node.pop("defaults", None)
    return OmegaConf.merge(node, {"limit": limit, "split": {"validation": "test"}})  # type: ignore[return-value]


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _table(cells: Sequence["TransferResult"]) -> Table:
    headings = "run", "data set", "network PSNR", "SSIM", "best baseline", "its PSNR"
    table = Table(*headings, title="Across data sets, PSNR in dB")
    for cell in cells:
        baseline = (cell.baseline or "").replace("_", " ")
        numbers = _number(cell.psnr, 2), _number(cell.ssim, 3), baseline, _number(cell.baseline_psnr, 2)
        table.add_row(*(escape(text) for text in (cell.run, cell.dataset, *numbers)))
    return table
