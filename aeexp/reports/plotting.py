"""Plotting: grids of images with their headings and numbers, differences between images, and points with density."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from scipy.ndimage import gaussian_filter

from aeexp.datasets.readers.picture import to_uint8
from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.psnr import Psnr
from aeexp.reports.style import SMALL_SIZE, Figure, class_colors, class_label, shorten_names

TITLE_LENGTH, ROW_LENGTH = 11, 24
"""Maximum length of the name of a class among points, and of that of an image beside its row."""

LETTERS, DIGITS = 14, 12
"""Letters to an inch of what stands above or below an image; digits and capitals are wider."""

CELL = 0.8
"""Longer side of an image in inches: small, so that text stays legible when the figure is shown as a thumbnail."""

NOTE = 0.22
"""Room for the number below an image, as a fraction of its height."""

MAX_CONTOURS = 12
"""Maximum number of classes whose density is drawn as a contour, and whose name stands among the points."""

Rows = dict[str, np.ndarray]
"""Images [N, H, W, 1 or 3] in [0, 1] by the label of their row; smaller ones are enlarged."""

Notes = Mapping[str, Sequence[str]]
"""What stands below the images of a row."""


def frame(axes: Axes) -> None:
    """Remove ticks and spines around an image."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def probe_titles(probes: EvaluationResult) -> list[str]:
    """Titles of the probe images: name or place among the test images, and class on a second line."""
    names = [str(each) for each in (probes.indices if probes.names is None else probes.names)]
    titles = shorten_names(names, _letters(probes, DIGITS))
    if probes.labels is None:
        return titles
    return [f"{title}\n{name}" for title, name in zip(titles, class_titles(probes, probes.labels), strict=True)]


def class_titles(evaluation: EvaluationResult, labels: Sequence[int] | np.ndarray) -> list[str]:
    """The names of classes, as long as there is room above or below an image."""
    return [class_label(int(label), evaluation.class_names, _letters(evaluation, LETTERS)) for label in labels]


def _letters(evaluation: EvaluationResult, density: int) -> int:
    return max(6, int(density * cell_size({"target": evaluation.targets})[0]))


def row_labels(evaluation: EvaluationResult, rows: Sequence[int]) -> list[str]:
    """Labels of some images: their names where these are distinct, or else their places among the test images."""
    names = [] if evaluation.names is None else shorten_names([evaluation.names[row] for row in rows], ROW_LENGTH)
    return names if len(set(names)) == len(rows) else [str(evaluation.indices[row]) for row in rows]


def probe_heading(probes: EvaluationResult) -> str:
    """What the titles of the probe images are, to stand on their left."""
    return "test image" if probes.labels is None else "test image\nclass"


def image_grid(
    rows: Rows,
    column_titles: Sequence[str],
    title: str,
    source: str = "",
    heading: str = "",
    notes: Notes | None = None,
) -> Figure:
    """A figure with labeled rows of images.

    Args:
        rows: images by their labels.
        column_titles: titles of the N columns.
        title: of the figure.
        source: run and data.
        heading: what the titles of the columns are.
        notes: below the images of some rows.
    """
    labels = [*(line for label in rows for line in label.split("\n")), *heading.split("\n")]
    cell_width, cell_height = cell_size(rows)
    height = sum(cell_height * (1.08 + (NOTE if notes and label in notes else 0)) for label in rows)
    lines = max((title.count("\n") + 1 for title in column_titles if title), default=0)
    width = 0.35 + 0.072 * max(map(len, labels)) + 1.08 * cell_width * len(column_titles)
    figure = Figure(width, height + 0.4 + 0.2 * bool(source) + 0.16 * lines, title, source)
    draw_grid(figure.subplots(), rows, column_titles, heading, notes)
    return figure


def cell_size(rows: Rows) -> tuple[float, float]:
    """Width and height of an image in inches."""
    height, width = (max(images.shape[axis] for images in rows.values()) for axis in (1, 2))
    side = CELL if max(height, width) <= 48 else 1.4 * CELL
    return side * min(1, width / height), side * min(1, height / width)


def draw_grid(
    axes: Axes, rows: Rows, column_titles: Sequence[str], heading: str = "", notes: Notes | None = None
) -> None:
    """Draw rows of images as a single image, which is ten times faster than a plot for each."""
    height, width = (max(images.shape[axis] for images in rows.values()) for axis in (1, 2))
    gap = max(1, height // 14)
    below = [math.ceil(NOTE * height) if notes and label in notes else 0 for label in rows]
    lines = [
        np.pad(mosaic([images], 1, gap, height, width), ((0, room), (0, 0), (0, 0)), constant_values=255)
        for images, room in zip(rows.values(), below, strict=True)
    ]
    axes.imshow(np.concatenate(lines), interpolation="nearest")
    frame(axes)
    tops = np.cumsum([0, *(len(line) for line in lines[:-1])]) + gap
    centers = np.arange(len(column_titles)) * (width + gap) + gap + width / 2
    for label, top in zip(rows, tops, strict=True):
        for note, center in zip((notes or {}).get(label, ()), centers, strict=False):
            text = axes.text(center, top + 1.02 * height, note, ha="center", va="top", fontsize=7.5)
            text.set_in_layout(False)  # it stands between the images; measuring it would take longer than drawing it
    axes.set_yticks(tops + height / 2 - 0.5, list(rows))
    axes.set_xticks(centers - 0.5, list(column_titles))
    axes.tick_params(length=0, labeltop=True, labelbottom=False, labelsize=SMALL_SIZE)
    if heading:
        place = {"xycoords": "axes fraction", "xytext": (-3.5, 3.5), "textcoords": "offset points"}
        above = axes.annotate(heading, (0, 1), **place, ha="right", va="bottom")  # type: ignore[arg-type]
        above.set(fontsize=SMALL_SIZE, color="0.35")


def mosaic(
    rows: Sequence[np.ndarray] | np.ndarray,
    scale: int = 2,
    gap: int = 2,
    height: int | None = None,
    width: int | None = None,
) -> np.ndarray:
    """Rows of images as a single image without labels, uint8 [H, W, 3].

    Args:
        rows: images [N, h, w, 1 or 3] in [0, 1]; smaller ones are enlarged to the largest by repeating pixels.
        scale: integer factor by which the largest images are enlarged.
        gap: pixels between the images.
        height: of the largest images; None takes that of the rows.
        width: of the largest images; None takes that of the rows.
    """
    height = scale * (height or max(images.shape[1] for images in rows))
    width = scale * (width or max(images.shape[2] for images in rows))
    lines = [np.concatenate([_tile(image, height, width, gap) for image in images], axis=1) for images in rows]
    return np.concatenate(lines, axis=0)


def _tile(image: np.ndarray, height: int, width: int, gap: int) -> np.ndarray:
    rows = np.arange(height) * image.shape[0] // height
    columns = np.arange(width) * image.shape[1] // width
    pixels = to_uint8(np.nan_to_num(image))[rows][:, columns]
    rgb = np.broadcast_to(pixels, (height, width, 3))
    return np.pad(rgb, ((gap, 0), (gap, 0), (0, 0)), constant_values=255)


def psnr_notes(targets: np.ndarray, images: np.ndarray) -> list[str]:
    """The PSNR of each image, such as `21.3 dB`; nothing for images of another size than their targets."""
    if targets.shape != images.shape:
        return [""] * len(images)
    return [f"{round(float(value), 1) + 0.0:.1f} dB" for value in np.asarray(Psnr()(targets, images))]


def difference_row(images: np.ndarray, targets: np.ndarray) -> Rows:
    """The row of differences between images and their targets: red where an image is too bright, blue too dark."""
    differences = np.nan_to_num(images - targets).mean(axis=-1)
    limit = max(float(np.quantile(np.abs(differences), 0.995)), 1e-3) if differences.size else 1.0
    return {f"difference\n(±{limit:.2g})": colormaps["RdBu_r"](0.5 + differences / (2 * limit))[..., :3]}


def draw_points(
    axes: Axes, points: np.ndarray, labels: np.ndarray | None, names: Sequence[str], *, contours: bool = True
) -> None:
    """Points [N, 2] in the colors of their classes, the more transparent the more there are.

    A contour holds the densest half of each class where there are many points, and its name stands at the median;
    without classes a contour holds the densest half of all points.
    """
    finite = np.isfinite(points).all(axis=1)
    points, labels = points[finite], None if labels is None else labels[finite]
    classes = class_colors(len(names))
    colors = "#3f90da" if labels is None or not len(names) else classes[labels]
    alpha = float(np.clip(25 / math.sqrt(max(1, len(points))), 0.2, 0.85))
    axes.scatter(points[:, 0], points[:, 1], c=colors, s=8, alpha=alpha, linewidths=0, rasterized=True)
    contours &= len(points) >= 200 * max(1, 0 if labels is None else len(np.unique(labels)))
    if labels is None or not len(names):
        _contour(axes, points if contours else points[:0], "0.2")
    elif len(names) <= MAX_CONTOURS:
        for label in np.unique(labels):
            own = points[labels == label]
            _contour(axes, own if contours else own[:0], 0.75 * classes[label, :3])
            name = class_label(label, names, TITLE_LENGTH)
            if len(name) > 2:  # the legend names it; longer words would lie upon each other
                continue
            x, y = np.median(own, axis=0)
            text = axes.text(x, y, name, ha="center", va="center", weight="bold", clip_on=True)
            text.set(fontsize=SMALL_SIZE, color=0.6 * classes[label, :3], in_layout=False)
            text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])


def _contour(axes: Axes, points: np.ndarray, color: object) -> None:
    """The line around the densest half of the points, of which there must be enough."""
    if len(points) < 50 or np.ptp(points, axis=0).min() == 0:
        return
    low, high = np.quantile(points, [0.002, 0.998], axis=0)
    room = 0.15 * (high - low)
    limits = [(low[axis] - room[axis], high[axis] + room[axis]) for axis in (0, 1)]
    counts, x, y = np.histogram2d(points[:, 0], points[:, 1], bins=48, range=limits)
    density = gaussian_filter(counts, 9 * len(points) ** (-1 / 6))  # Scott's rule, in bins
    descending = np.sort(density.ravel())[::-1]
    level = descending[np.searchsorted(np.cumsum(descending), density.sum() / 2)]
    if 0 < level < descending[0]:
        axes.contour((x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2, density.T, [level], colors=[color], linewidths=1.1)
