"""How images and classes are drawn, the same in every report."""

import matplotlib

matplotlib.use("Agg")  # figures are written, never shown: no screen is needed

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aeexp.types import Evaluation

WIDTH = 12
"""Letters that fit above a picture."""


def class_colours(count: int) -> np.ndarray:
    """The colour of each class, RGBA [count, 4]: the same class has the same colour in every figure."""
    palette = colormaps["tab10" if count <= 10 else "tab20" if count <= 20 else "turbo"]
    return palette(np.arange(count)) if count <= 20 else palette(np.linspace(0, 1, count))


def show(axes: Axes, image: np.ndarray) -> None:
    """Draw an image [H, W, 1 or 3] in [0, 1], grey as grey, without ticks."""
    axes.imshow(
        np.clip(image, 0, 1).squeeze(-1) if image.shape[-1] == 1 else np.clip(image, 0, 1),
        cmap="gray",
        vmin=0,
        vmax=1,
        interpolation="nearest",
    )
    frame(axes)


def frame(axes: Axes) -> None:
    """Leave nothing around a picture: neither ticks nor a box."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def probe_titles(probes: Evaluation) -> list[str]:
    """Words above each probe: its place in the data set and its class, in two lines where one is too short."""
    if probes.labels is None:
        return [str(index) for index in probes.indices]
    names = [probes.class_names[label][:WIDTH] for label in probes.labels]
    lines = [f"{index}: {name}" for index, name in zip(probes.indices, names, strict=True)]
    return lines if max(map(len, lines), default=0) <= WIDTH else [line.replace(": ", "\n") for line in lines]


def image_grid(rows: dict[str, np.ndarray], column_titles: Sequence[str], title: str) -> Figure:
    """A figure with a named row of images for each entry.

    Args:
        rows: images [N, H, W, C] in [0, 1] by the name of their row; H and W may differ between rows.
        column_titles: N words above the columns.
        title: above the whole figure.
    """
    count = len(column_titles)
    figure = Figure(figsize=(1.3 + 0.95 * count, 0.75 + 1.0 * len(rows)), dpi=110, layout="constrained")
    figure.suptitle(title)
    grid = figure.subplots(len(rows), count, squeeze=False)
    for axes_row, (name, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(axes_row, images, strict=True):
            show(axes, image)
        axes_row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    for axes, word in zip(grid[0], column_titles, strict=True):
        axes.set_title(word, fontsize=9)
    return figure


def mosaic(rows: Sequence[np.ndarray] | np.ndarray, scale: int = 2, gap: int = 2) -> np.ndarray:
    """Rows of images as one picture without words, uint8 [H, W, 3].

    Args:
        rows: images [N, h, w, 1 or 3] in [0, 1]; smaller ones are enlarged to the largest by repeating pixels.
        scale: enlargement of the largest, in whole pixels.
        gap: pixels between the images.
    """
    height = scale * max(images.shape[1] for images in rows)
    width = scale * max(images.shape[2] for images in rows)
    lines = [np.concatenate([_tile(image, height, width, gap) for image in images], axis=1) for images in rows]
    return np.concatenate(lines, axis=0)


def _tile(image: np.ndarray, height: int, width: int, gap: int) -> np.ndarray:
    rows = np.arange(height) * image.shape[0] // height
    columns = np.arange(width) * image.shape[1] // width
    pixels = np.round(255 * np.clip(image, 0, 1)).astype(np.uint8)[rows][:, columns]
    colour = np.broadcast_to(pixels, (height, width, 3))
    return np.pad(colour, ((gap, 0), (gap, 0), (0, 0)), constant_values=255)
