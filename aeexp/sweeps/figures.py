"""Figures of a sweep: curve or heat maps of the metric, reconstructions and latent scatters side by side."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from aeexp.reports.plotting import draw_points, mosaic
from aeexp.reports.style import Figure, class_legend, plain, shorten
from aeexp.sweeps.results import Point, Results
from aeexp.sweeps.summary import headline, mean_and_std

MAX_PANELS = 12
"""Heat maps or scatters in one figure."""

LABEL_LENGTH, ROW_LENGTH = 24, 60
"""Maximum length of the label of a tick, and of the name of a run."""

MAX_ROWS = 60
"""Runs in one grid of reconstructions."""

ProbeArrays = dict[str, dict[str, np.ndarray]]
"""The arrays of the report `probe_arrays` by the id of the run."""


def comparison(results: Results) -> Figure:
    """The metric over one axis as a curve, over two as a heat map, over more as a heat map per further value."""
    return _curve(results) if len(results.axes) == 1 else _heat_maps(results)


def _curve(results: Results) -> Figure:
    (axis,) = results.axes
    figure = Figure(7.2, 4.6)
    axes = figure.subplots()
    points = results.points.sort_values(axis)
    values = results.values(axis)
    numeric = all(isinstance(value, (int, float)) for value in values)
    ticks = values if numeric else list(range(len(values)))
    position = dict(zip(values, ticks, strict=True))
    axes.scatter(
        [position[value] for value in results.runs[axis]],
        results.runs[results.metric],
        s=14,
        color="0.6",
        label="one run",
    )
    axes.errorbar(
        [position[value] for value in points[axis]],
        points["mean"],
        points["std"].fillna(0),
        marker="o",
        capsize=4,
        linestyle="-" if numeric else "none",
        label="mean ± standard deviation over seeds",
    )
    if numeric and min(values) > 0 and max(values) / min(values) >= 8:
        axes.set_xscale("log", base=2)
    axes.set_xticks(ticks, [shorten(str(value), LABEL_LENGTH) for value in values])
    axes.minorticks_off()
    axes.set(xlabel=results.labels[0], ylabel=results.metric)
    axes.set_title(_wrapped(headline(results), 70), fontsize=11)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    return figure


def _heat_maps(results: Results) -> Figure:
    row_axis, column_axis, *others = sorted(results.axes, key=lambda axis: -len(results.values(axis)))
    if results.axes.index(row_axis) > results.axes.index(column_axis) and not others:
        row_axis, column_axis = column_axis, row_axis
    panels = list(product(*(results.values(axis) for axis in others)))[:MAX_PANELS]
    columns = min(len(panels), 3)
    rows = math.ceil(len(panels) / columns)
    width = 1.6 + 1.15 * len(results.values(column_axis))
    height = 1.2 + 0.75 * len(results.values(row_axis))
    figure = Figure(max(6.4, columns * width + 1), rows * height + 0.9)
    figure.suptitle(_wrapped(headline(results), max(60, int(11 * figure.get_figwidth()))), fontsize=11)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes, panel in zip(grid.flat, panels, strict=False):
        selected = _select(results.points, dict(zip(others, panel, strict=True)))
        image = _heat_map(axes, results, selected, row_axis, column_axis)
        names = dict(zip(results.axes, results.labels, strict=True))
        axes.set_title(
            plain(" ".join(f"{names[axis]}={value}" for axis, value in zip(others, panel, strict=True))), fontsize=10
        )
        axes.set_xlabel(names[column_axis])
        axes.set_ylabel(names[row_axis])
    for axes in grid.flat[len(panels) :]:
        axes.remove()
    figure.colorbar(image, ax=grid, label=f"{results.metric}, mean over seeds")
    return figure


def _heat_map(axes: Axes, results: Results, points: pd.DataFrame, row_axis: str, column_axis: str) -> AxesImage:
    rows, columns = results.values(row_axis), results.values(column_axis)
    values = np.full((len(rows), len(columns)), np.nan)
    low, high = results.points["mean"].min(), results.points["mean"].max()
    for point in points.to_dict("records"):
        row, column = rows.index(point[row_axis]), columns.index(point[column_axis])
        values[row, column] = point["mean"]
        fraction = (point["mean"] - low) / ((high - low) or 1)
        best = point["rank"] == 1
        axes.text(
            column,
            row,
            mean_and_std(point).replace(" ± ", "\n± "),
            ha="center",
            va="center",
            fontsize=9,
            fontweight="bold" if best else "normal",
            color="black" if (fraction if results.mode == "max" else 1 - fraction) > 0.6 else "white",
        )
        if best:
            axes.add_patch(_frame(row, column))
    axes.set_xticks(range(len(columns)), [shorten(str(value), LABEL_LENGTH) for value in columns])
    axes.set_yticks(range(len(rows)), [shorten(str(value), LABEL_LENGTH) for value in rows])
    colormap = "viridis" if results.mode == "max" else "viridis_r"
    return axes.imshow(values, cmap=colormap, vmin=low, vmax=high, aspect="auto")


def reconstruction_grid(results: Results, arrays: ProbeArrays) -> Figure:
    """Reconstructions of the same probe images, a row per run, below the inputs of the runs."""
    runs = [run for run in results.runs.to_dict("records") if run["run"] in arrays]
    rows = list(_grid_rows(runs[:MAX_ROWS], arrays))
    count = len(rows[0][1])
    longest = min(ROW_LENGTH, max(len(name) for name, _ in rows))
    figure = Figure(0.4 + 0.08 * longest + 0.62 * count, 0.7 + 0.62 * len(rows))
    limit = f"; the first {MAX_ROWS} of {len(runs)} runs" if len(runs) > MAX_ROWS else ""
    figure.suptitle(f"The same probe images in every run{limit}", fontsize=11)
    for axes, (name, images) in zip(figure.subplots(len(rows), 1, squeeze=False)[:, 0], rows, strict=True):
        axes.imshow(mosaic([images / 255]), interpolation="nearest")
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        style = "italic" if name in ("input", "target") else "normal"
        axes.set_ylabel(shorten(name, ROW_LENGTH), rotation=0, ha="right", va="center", fontsize=9, style=style)
    return figure


def _grid_rows(runs: Sequence[Point], arrays: ProbeArrays) -> Iterator[tuple[str, np.ndarray]]:
    """The targets, then each distinct batch of inputs followed by its reconstructions, in the order of the axes."""
    inputs = {run["run"]: arrays[run["run"]]["inputs"].tobytes() for run in runs}
    yield "target", arrays[runs[0]["run"]]["targets"]
    for batch in dict.fromkeys(inputs.values()):
        group = [run for run in runs if inputs[run["run"]] == batch]
        yield "input", arrays[group[0]["run"]]["inputs"]
        for run in group:
            yield f"{run['name']}", arrays[run["run"]]["reconstructions"]


def latent_scatters(results: Results, arrays: ProbeArrays) -> Figure:
    """Latent scatters of the first run of each point, centered on their medians, on shared axes."""
    firsts = results.runs.drop_duplicates(list(results.axes)).to_dict("records")
    runs = [run for run in firsts if run["run"] in arrays][:MAX_PANELS]
    columns = min(4, len(runs)) if len(results.axes) == 1 else min(4, len(results.values(results.axes[-1])))
    rows = math.ceil(len(runs) / columns)
    figure = Figure(3.0 * columns + 1.2, 3.0 * rows + 0.7)
    title = "Latent codes of the first test images, centered, on shared axes"
    figure.suptitle(_wrapped(title, 26 * columns), fontsize=11)
    planes = {run["run"]: _centered(arrays[run["run"]]["plane"]) for run in runs}
    limit = 1.05 * max(np.percentile(np.abs(plane), 99.5) for plane in planes.values()) or 1.0
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axes, run in zip(grid.flat, runs, strict=False):
        _scatter(axes, planes[run["run"]], arrays[run["run"]])
        axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal")
        axes.set_title(shorten(run["name"], ROW_LENGTH), fontsize=9)
    _add_legend(figure, arrays[runs[0]["run"]]["class_names"])
    for axes in grid.flat[len(runs) :]:
        axes.remove()
    return figure


def _scatter(axes: Axes, plane: np.ndarray, arrays: dict[str, np.ndarray]) -> None:
    draw_points(axes, plane, arrays.get("labels"), [str(name) for name in arrays["class_names"]])


def _add_legend(figure: Figure, names: np.ndarray) -> None:
    if len(names):
        class_legend(figure, [str(name) for name in names])


def _centered(plane: np.ndarray) -> np.ndarray:
    return plane - np.median(plane, axis=0)


def _frame(row: int, column: int) -> Rectangle:
    return Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, fill=False, edgecolor="crimson", linewidth=2.5)


def _select(points: pd.DataFrame, values: dict[str, object]) -> pd.DataFrame:
    for axis, value in values.items():
        points = points[points[axis] == value]
    return points


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(plain(text), width))
