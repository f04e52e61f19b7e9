"""The pictures of a sweep."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from aeexp.reports.pictures import class_colours, mosaic
from aeexp.sweeping.results import Point, Results, spread

PANELS = 12
"""Heat maps or scatters in one figure at most."""

ROWS = 60
"""Runs in one sheet at most."""

Kept = dict[str, dict[str, np.ndarray]]
"""The arrays that each run keeps, by its id; see the report `keepsake`."""


def comparison(results: Results) -> Figure:
    """The metric over one axis as a curve, over two as a heat map, over more as one heat map for each further value."""
    return _curve(results) if len(results.axes) == 1 else _heat_maps(results)


def _curve(results: Results) -> Figure:
    (axis,) = results.axes
    figure = Figure(figsize=(7.2, 4.6), dpi=110, layout="constrained")
    axes = figure.subplots()
    points = results.points.sort_values(axis)
    values = results.values(axis)
    numbers = all(isinstance(value, (int, float)) for value in values)
    places = values if numbers else range(len(values))
    place = dict(zip(values, places, strict=True))
    axes.scatter(
        [place[value] for value in results.runs[axis]], results.runs[results.metric], s=14, color="0.6", label="one run"
    )
    axes.errorbar(
        [place[value] for value in points[axis]],
        points["mean"],
        points["deviation"].fillna(0),
        marker="o",
        capsize=4,
        linestyle="-" if numbers else "none",
        label="mean ± standard deviation over seeds",
    )
    if numbers and min(values) > 0 and max(values) / min(values) >= 8:
        axes.set_xscale("log", base=2)
    axes.set_xticks(list(places), [str(value) for value in values])
    axes.minorticks_off()
    axes.set(xlabel=results.labels[0], ylabel=results.metric)
    axes.set_title(_wrapped(results.headline, 70), fontsize=11)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    return figure


def _heat_maps(results: Results) -> Figure:
    down, across, *others = sorted(results.axes, key=lambda axis: -len(results.values(axis)))
    if results.axes.index(down) > results.axes.index(across) and not others:
        down, across = across, down
    panels = list(product(*(results.values(axis) for axis in others)))[:PANELS]
    columns = min(len(panels), 3)
    rows = math.ceil(len(panels) / columns)
    width = 1.6 + 1.15 * len(results.values(across))
    height = 1.2 + 0.75 * len(results.values(down))
    figure = Figure(figsize=(max(6.4, columns * width + 1), rows * height + 0.9), dpi=110, layout="constrained")
    figure.suptitle(_wrapped(results.headline, max(60, int(11 * figure.get_figwidth()))), fontsize=11)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes, panel in zip(grid.flat, panels, strict=False):
        chosen = _where(results.points, dict(zip(others, panel, strict=True)))
        image = _heat_map(axes, results, chosen, down, across)
        names = dict(zip(results.axes, results.labels, strict=True))
        axes.set_title(
            " ".join(f"{names[axis]}={value}" for axis, value in zip(others, panel, strict=True)), fontsize=10
        )
        axes.set_xlabel(names[across])
        axes.set_ylabel(names[down])
    for axes in grid.flat[len(panels) :]:
        axes.remove()
    figure.colorbar(image, ax=grid, label=f"{results.metric}, mean over seeds")
    return figure


def _heat_map(axes: Axes, results: Results, points: pd.DataFrame, down: str, across: str) -> AxesImage:
    rows, columns = results.values(down), results.values(across)
    values = np.full((len(rows), len(columns)), np.nan)
    low, high = results.points["mean"].min(), results.points["mean"].max()
    for point in points.to_dict("records"):
        row, column = rows.index(point[down]), columns.index(point[across])
        values[row, column] = point["mean"]
        light = (point["mean"] - low) / ((high - low) or 1)
        best = point["rank"] == 1
        axes.text(
            column,
            row,
            spread(point).replace(" ± ", "\n± "),
            ha="center",
            va="center",
            fontsize=9,
            fontweight="bold" if best else "normal",
            color="black" if (light if results.mode == "max" else 1 - light) > 0.6 else "white",
        )
        if best:
            axes.add_patch(_frame(row, column))
    axes.set_xticks(range(len(columns)), [str(value) for value in columns])
    axes.set_yticks(range(len(rows)), [str(value) for value in rows])
    colours = "viridis" if results.mode == "max" else "viridis_r"
    return axes.imshow(values, cmap=colours, vmin=low, vmax=high, aspect="auto")


def sheet(results: Results, kept: Kept) -> Figure:
    """Reconstructions of the same probe images, one row a run, below the images that the runs were given."""
    runs = [run for run in results.runs.to_dict("records") if run["run"] in kept]
    rows = list(_sheet_rows(runs[:ROWS], kept))
    count = len(rows[0][1])
    figure = Figure(figsize=(2.6 + 0.62 * count, 0.7 + 0.62 * len(rows)), dpi=110, layout="constrained")
    left_out = f"; the first {ROWS} of {len(runs)} runs" if len(runs) > ROWS else ""
    figure.suptitle(f"The same probe images in every run{left_out}", fontsize=11)
    for axes, (name, images) in zip(figure.subplots(len(rows), 1, squeeze=False)[:, 0], rows, strict=True):
        axes.imshow(mosaic([images / 255]), interpolation="nearest")
        axes.set_axis_off()
        given = name in ("input", "target")
        axes.text(
            -0.01, 0.5, name, transform=axes.transAxes, ha="right", va="center", style="italic" if given else "normal"
        )
    return figure


def _sheet_rows(runs: Sequence[Point], kept: Kept) -> Iterator[tuple[str, np.ndarray]]:
    """The targets, then each distinct set of inputs followed by what the runs made of it, in the order of the axes."""
    inputs = {run["run"]: kept[run["run"]]["inputs"].tobytes() for run in runs}
    yield "target", kept[runs[0]["run"]]["targets"]
    for given in dict.fromkeys(inputs.values()):
        group = [run for run in runs if inputs[run["run"]] == given]
        yield "input", kept[group[0]["run"]]["inputs"]
        for run in group:
            yield f"{run['name']}", kept[run["run"]]["reconstructions"]


def scatters(results: Results, kept: Kept) -> Figure:
    """The latent scatters of the first run of each point, side by side on common axes."""
    firsts = results.runs.drop_duplicates(list(results.axes)).to_dict("records")
    runs = [run for run in firsts if run["run"] in kept][:PANELS]
    columns = min(4, len(runs)) if len(results.axes) == 1 else min(4, len(results.values(results.axes[-1])))
    rows = math.ceil(len(runs) / columns)
    figure = Figure(figsize=(3.1 * columns, 3.1 * rows + 0.6), dpi=110, layout="constrained")
    figure.suptitle(
        "Latent codes of the first test images, on common axes (above two dimensions: principal components)"
    )
    reach = 1.05 * max(np.percentile(np.abs(kept[run["run"]]["plane"]), 99.5) for run in runs)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axes, run in zip(grid.flat, runs, strict=False):
        arrays = kept[run["run"]]
        colours = class_colours(int(arrays["labels"].max()) + 1)[arrays["labels"]] if "labels" in arrays else None
        axes.scatter(*arrays["plane"].T, c=colours, s=3, linewidths=0, alpha=0.7)
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        axes.set_title(run["name"], fontsize=9)
    for axes in grid.flat[len(runs) :]:
        axes.remove()
    return figure


def _frame(row: int, column: int) -> Rectangle:
    return Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, fill=False, edgecolor="crimson", linewidth=2.5)


def _where(points: pd.DataFrame, values: dict[str, object]) -> pd.DataFrame:
    for axis, value in values.items():
        points = points[points[axis] == value]
    return points


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width))
