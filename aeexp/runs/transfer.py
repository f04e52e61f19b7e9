"""Transfer: trained runs on data sets that they have not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aeexp.baselines.baseline import Baseline
from aeexp.baselines.comparison import BaselineComparison
from aeexp.datasets.binarization import NONE
from aeexp.datasets.dataset import Dataset
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.plotting import draw_grid
from aeexp.reports.style import Figure, shorten
from aeexp.runs.loading import LoadedRun
from aeexp.runs.provenance import digest
from aeexp.tracking.artifacts import Artifact, FigureArtifact, Scalar, TableArtifact, recordable_name

ROWS = ("input", "output", "target")

PICTURES_CAPTION = "A row for each run and a column for each data set: what the network is given, what it makes of \
it, and the image that it should have made."

HEAT_MAP_CAPTION = "The mean PSNR of each run on each data set. Values off the data set that a run was trained on \
show how far it has learned something general."

NAME_LENGTH = 30
"""Maximum length of the names of runs and data sets in figures."""

SHOWN = ("psnr", "ssim")
"""The metrics of the table, as far as a run is measured by them."""

PICTURES = 6
"""Probe images shown of each data set."""


@dataclass(frozen=True)
class TransferResult:
    """One run on one data set.

    Args:
        psnr: of all test images, in dB; None where the run does not measure it.
        ssim: of all test images; None where the run does not measure it.
        baseline: the best one; None where no baseline applies, as to images without corruption.
        baseline_psnr: of the first test images, in dB.
        gain: of the run over it on the same images, in dB.
        rows: some images [N, H, W, C] by what they are.
    """

    run: str
    dataset: str
    psnr: float | None
    ssim: float | None
    baseline: str | None
    baseline_psnr: float | None
    gain: float | None
    rows: dict[str, np.ndarray]


def evaluate_transfer(
    name: str,
    saved: LoadedRun,
    dataset_name: str,
    dataset: Dataset,
    baselines: Mapping[str, Baseline],
    comparison: BaselineComparison,
) -> TransferResult:
    """A run on the test images of a data set, under the corruption and the binarization that it was trained with.

    Raises:
        ConfigError: where the network does not take such images.
    """
    setup = saved.evaluation(_as_trained_on(saved, dataset), saved.corruption(), saved.metrics(SHOWN))
    evaluation = setup.evaluator.all_images([])
    suite = setup.baselines(baselines, comparison, [digest(setup.splits[split]) for split in ("train", "test")])
    _, metrics = suite.evaluate(evaluation)
    psnr = {key.split("/")[1]: value for key, value in metrics.items() if key.endswith("/psnr") and "gain" not in key}
    best = max(psnr, key=lambda name: psnr[name], default=None)
    probes = replace(evaluation, probes=evaluation.probes or tuple(range(PICTURES))).at_probes()
    shown = (probes.inputs, probes.outputs["reconstruction"], probes.targets)
    return TransferResult(
        run=name,
        dataset=dataset_name,
        psnr=_mean(evaluation, "psnr"),
        ssim=_mean(evaluation, "ssim"),
        baseline=best,
        baseline_psnr=None if best is None else psnr[best],
        gain=metrics.get("gain/psnr"),
        rows={name: images[:PICTURES] for name, images in zip(ROWS, shown, strict=True)},
    )


def _as_trained_on(saved: LoadedRun, dataset: Dataset) -> Dataset:
    """The gray images of a data set binarized as those that a run was trained on, unless they are binary already."""
    is_gray = getattr(dataset, "image_shape", (1,))[-1] == 1  # color images fit no network for binary ones
    if dataset.binarization != NONE or not is_gray:
        return dataset
    return replace(dataset, binarization=saved.binarization)


def _mean(evaluation: EvaluationResult, metric: str) -> float | None:
    """Over all images; None where the run does not measure it."""
    return float(np.mean(evaluation.metrics[metric])) if metric in evaluation.metrics else None


def transfer_artifacts(cells: Sequence[TransferResult], formats: tuple[str, ...]) -> list[Artifact]:
    """The numbers, a table, and figures in so many formats."""
    scalars = [
        Scalar(f"transfer/{recordable_name(cell.run)}/{recordable_name(cell.dataset)}/psnr", cell.psnr)
        for cell in cells
        if cell.psnr is not None
    ]
    columns = ("run", "dataset", "psnr", "ssim", "baseline", "baseline_psnr")
    table = TableArtifact("transfer", {column: [getattr(cell, column) for cell in cells] for column in columns})
    return [
        *scalars,
        table,
        FigureArtifact("transfer", _draw(cells), PICTURES_CAPTION, formats),
        FigureArtifact("transfer_heat_map", _heat_map(cells), HEAT_MAP_CAPTION, formats),
    ]


def _names(cells: Sequence[TransferResult]) -> tuple[list[str], list[str]]:
    """Of the runs and of the data sets, in their order."""
    return list(dict.fromkeys(cell.run for cell in cells)), list(dict.fromkeys(cell.dataset for cell in cells))


def _heat_map(cells: Sequence[TransferResult]) -> Figure:
    runs, datasets = _names(cells)
    psnr = np.reshape([np.nan if cell.psnr is None else cell.psnr for cell in cells], (len(runs), len(datasets)))
    title = "PSNR of each run on the test images of each data set"
    figure = Figure(2.4 + 1.3 * len(datasets), 1.4 + 0.6 * len(runs), title)
    axes = figure.subplots()
    image = axes.imshow(np.ma.masked_invalid(psnr), aspect="auto")
    figure.colorbar(image, label="PSNR (dB)")
    axes.set_xticks(range(len(datasets)), [shorten(name, NAME_LENGTH) for name in datasets])
    axes.set_yticks(range(len(runs)), [shorten(name, NAME_LENGTH) for name in runs])
    middle = 0.4 * np.nanmin(psnr) + 0.6 * np.nanmax(psnr) if np.isfinite(psnr).any() else 0.0
    for (row, column), value in np.ndenumerate(psnr):
        text = f"{value:.1f}" if np.isfinite(value) else "not measured"
        axes.text(column, row, text, ha="center", va="center", color="white" if value < middle else "black")
    return figure


def _draw(cells: Sequence[TransferResult]) -> Figure:
    runs, datasets = _names(cells)
    title = "What each network makes of the test images of each data set"
    figure = Figure(4.0 * len(datasets), 0.6 + 2.3 * len(runs), title)
    grid = figure.subplots(len(runs), len(datasets), squeeze=False)
    for cell in cells:
        axes = grid[runs.index(cell.run), datasets.index(cell.dataset)]
        draw_grid(axes, cell.rows, [""] * len(cell.rows["input"]))
        heading = f"{shorten(cell.run, NAME_LENGTH)} on {shorten(cell.dataset, NAME_LENGTH)}"
        axes.set_title(f"{heading}\n{_numbers(cell)}", fontsize=10)
    return figure


def _numbers(cell: TransferResult) -> str:
    """Such as `24.1 dB, +2.0 dB against gaussian blur`."""
    if cell.psnr is None:
        return "PSNR not measured"
    if cell.gain is None or cell.baseline is None:
        return f"PSNR {cell.psnr:.1f} dB"
    return f"PSNR {cell.psnr:.1f} dB, {cell.gain:+.1f} dB against {cell.baseline.replace('_', ' ')}"
