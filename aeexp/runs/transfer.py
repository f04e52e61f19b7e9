"""Transfer: trained runs on data sets that they have not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.figure import Figure

from aeexp.baselines.baseline import Baseline
from aeexp.baselines.comparison import BaselineComparison
from aeexp.datasets.dataset import Dataset
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import draw_grid, titled_figure
from aeexp.runs.loading import LoadedRun
from aeexp.runs.provenance import digest
from aeexp.tracking.artifacts import Artifact, FigureArtifact, Scalar, TableArtifact

ROWS = ("input", "output", "target")

PICTURES = 6
"""Probe images shown of each data set."""


@dataclass(frozen=True)
class TransferResult:
    """One run on one data set.

    Args:
        psnr: of all test images, in dB.
        ssim: of all test images.
        baseline: the best one.
        baseline_psnr: of the first test images, in dB.
        gain: of the run over it on the same images, in dB.
        rows: some images [N, H, W, C] by what they are.
    """

    run: str
    dataset: str
    psnr: float
    ssim: float
    baseline: str
    baseline_psnr: float
    gain: float
    rows: dict[str, np.ndarray]


def evaluate_transfer(
    name: str,
    saved: LoadedRun,
    dataset_name: str,
    dataset: Dataset,
    baselines: Mapping[str, Baseline],
    comparison: BaselineComparison,
) -> TransferResult:
    """A run on the test images of a data set, under the corruption that it was trained with.

    Raises:
        ConfigError: where the network does not take such images.
    """
    setup = saved.evaluation(dataset, saved.corruption())
    evaluation = setup.evaluator.all_images([])
    suite = setup.baselines(baselines, comparison, [digest(images) for images in setup.splits.values()])
    _, metrics = suite.evaluate(evaluation)
    psnr = {key.split("/")[1]: value for key, value in metrics.items() if key.endswith("/psnr") and "gain" not in key}
    best = max(psnr, key=lambda name: psnr[name], default="none")
    probes = replace(evaluation, probes=evaluation.probes or tuple(range(PICTURES))).at_probes()
    shown = (probes.inputs, probes.outputs["reconstruction"], probes.targets)
    return TransferResult(
        run=name,
        dataset=dataset_name,
        psnr=_mean(evaluation, "psnr"),
        ssim=_mean(evaluation, "ssim"),
        baseline=best,
        baseline_psnr=psnr.get(best, float("nan")),
        gain=metrics.get("gain/psnr", float("nan")),
        rows={name: images[:PICTURES] for name, images in zip(ROWS, shown, strict=True)},
    )


def _mean(evaluation: EvaluationResult, metric: str) -> float:
    """Over all images; NaN where the run does not measure it."""
    return float(np.mean(evaluation.metrics.get(metric, np.nan)))


def transfer_artifacts(cells: Sequence[TransferResult]) -> list[Artifact]:
    """The numbers, a table and a picture of them."""
    scalars = [Scalar(f"transfer/{cell.run}/{cell.dataset}/psnr", cell.psnr) for cell in cells]
    columns = ("run", "dataset", "psnr", "ssim", "baseline", "baseline_psnr")
    table = TableArtifact("transfer", {column: [getattr(cell, column) for cell in cells] for column in columns})
    return [
        *scalars,
        table,
        FigureArtifact("transfer", _draw(cells)),
        FigureArtifact("transfer_heat_map", _heat_map(cells)),
    ]


def _names(cells: Sequence[TransferResult]) -> tuple[list[str], list[str]]:
    """Of the runs and of the data sets, in their order."""
    return list(dict.fromkeys(cell.run for cell in cells)), list(dict.fromkeys(cell.dataset for cell in cells))


def _heat_map(cells: Sequence[TransferResult]) -> Figure:
    runs, datasets = _names(cells)
    psnr = np.reshape([cell.psnr for cell in cells], (len(runs), len(datasets)))
    figure = titled_figure("Every run on every data set", 2.4 + 1.3 * len(datasets), 1.4 + 0.6 * len(runs))
    axes = figure.subplots()
    figure.colorbar(axes.imshow(psnr, aspect="auto"), label="PSNR, dB")
    axes.set_xticks(range(len(datasets)), datasets)
    axes.set_yticks(range(len(runs)), runs)
    for (row, column), value in np.ndenumerate(psnr):
        color = "black" if value > psnr.mean() else "white"
        axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=color)
    return figure


def _draw(cells: Sequence[TransferResult]) -> Figure:
    runs, datasets = _names(cells)
    title = "PSNR on the test images, and what each network makes of them"
    figure = titled_figure(title, 4.0 * len(datasets), 0.6 + 2.3 * len(runs))
    grid = figure.subplots(len(runs), len(datasets), squeeze=False)
    for cell in cells:
        axes = grid[runs.index(cell.run), datasets.index(cell.dataset)]
        draw_grid(axes, list(cell.rows.values()), ROWS, [""] * len(cell.rows["input"]))
        baseline = cell.baseline.replace("_", " ")
        axes.set_title(
            f"{cell.run} on {cell.dataset}\n{cell.psnr:.1f} dB, {cell.gain:+.1f} dB against {baseline}",
            fontsize=10,
            color="tab:green" if cell.gain > 0 else "tab:red",
        )
    return figure
