"""Plotting: grids of images, and their headings."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from aeexp.datasets.readers.picture import to_uint8
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.style import Figure, class_label

TITLE_LENGTH = 11
"""Maximum length of the title above an image."""

CELL = 0.75
"""Size of an image in inches: small, so that text stays legible when the figure is shown as a thumbnail."""


def frame(axes: Axes) -> None:
    """Remove ticks and spines around an image."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def probe_titles(probes: EvaluationResult) -> list[str]:
    """Titles of the probe images: index in the data set and class, on two lines if one is too short."""
    if probes.labels is None:
        return [str(index) for index in probes.indices]
    names = [class_label(label, probes.class_names, TITLE_LENGTH) for label in probes.labels]
    lines = [f"{index}: {name}" for index, name in zip(probes.indices, names, strict=True)]
    return lines if max(map(len, lines), default=0) <= TITLE_LENGTH else [line.replace(": ", "\n") for line in lines]


def image_grid(rows: dict[str, np.ndarray], column_titles: Sequence[str], title: str) -> Figure:
    """A figure with labeled rows of images.

    Args:
        rows: images [N, H, W, 1 or 3] in [0, 1] by the label of their row; smaller ones are enlarged.
        column_titles: titles of the N columns.
        title: of the figure.
    """
    figure = Figure(1.4 + CELL * len(column_titles), 0.75 + (CELL + 0.03) * len(rows), title)
    draw_grid(figure.subplots(), list(rows.values()), list(rows), column_titles)
    return figure


def draw_grid(axes: Axes, rows: Sequence[np.ndarray], row_titles: Sequence[str], column_titles: Sequence[str]) -> None:
    """Draw rows of images as a single image, which is ten times faster than a plot for each."""
    gap = max(1, max(images.shape[1] for images in rows) // 14)
    pixels = mosaic(rows, scale=1, gap=gap)
    axes.imshow(pixels, interpolation="nearest")
    frame(axes)
    height, width = pixels.shape[0] / len(rows), pixels.shape[1] / len(column_titles)
    axes.set_yticks((np.arange(len(rows)) + 0.5) * height + gap / 2, row_titles, fontsize=12)
    axes.set_xticks((np.arange(len(column_titles)) + 0.5) * width + gap / 2, column_titles, fontsize=8)
    axes.tick_params(length=0, labeltop=True, labelbottom=False)


def mosaic(rows: Sequence[np.ndarray] | np.ndarray, scale: int = 2, gap: int = 2) -> np.ndarray:
    """Rows of images as a single image without labels, uint8 [H, W, 3].

    Args:
        rows: images [N, h, w, 1 or 3] in [0, 1]; smaller ones are enlarged to the largest by repeating pixels.
        scale: integer factor by which the largest images are enlarged.
        gap: pixels between the images.
    """
    height = scale * max(images.shape[1] for images in rows)
    width = scale * max(images.shape[2] for images in rows)
    lines = [np.concatenate([_tile(image, height, width, gap) for image in images], axis=1) for images in rows]
    return np.concatenate(lines, axis=0)


def _tile(image: np.ndarray, height: int, width: int, gap: int) -> np.ndarray:
    rows = np.arange(height) * image.shape[0] // height
    columns = np.arange(width) * image.shape[1] // width
    pixels = to_uint8(image)[rows][:, columns]
    rgb = np.broadcast_to(pixels, (height, width, 3))
    return np.pad(rgb, ((gap, 0), (gap, 0), (0, 0)), constant_values=255)
