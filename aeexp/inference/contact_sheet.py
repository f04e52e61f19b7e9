"""Contact sheet: thumbnails of images before and after restoration."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageOps

SIDE = 144
"""Longest side of a thumbnail in pixels."""

GAP = 4
"""Pixels between thumbnails."""

COLUMNS = 4
"""Maximum number of groups in a row."""


def thumbnail(image: Image.Image) -> Image.Image:
    """A thumbnail; small images are enlarged by an integer factor, so that their pixels are visible."""
    factor = SIDE // max(image.size)
    if factor > 1:
        return image.resize((factor * image.width, factor * image.height), Image.Resampling.NEAREST)
    return ImageOps.contain(image, (SIDE, SIDE), Image.Resampling.LANCZOS)


class BandThumbnail:
    """A thumbnail of an image that is seen in bands of rows.

    Args:
        size: width and height of the image.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._factor = max(1, max(size) // (4 * SIDE))
        self._rest: np.ndarray | None = None
        self._reduced: list[np.ndarray] = []

    def add(self, band: np.ndarray) -> None:
        """The next rows, uint8 [h, W, C]."""
        rows = band if self._rest is None else np.concatenate([self._rest, band])
        whole = len(rows) // self._factor * self._factor
        self._reduce(rows[:whole])
        self._rest = rows[whole:]

    def finish(self) -> Image.Image:
        """The thumbnail of all rows."""
        if self._rest is not None:
            self._reduce(self._rest)
        return thumbnail(to_pillow(np.concatenate(self._reduced)))

    def _reduce(self, rows: np.ndarray) -> None:
        if len(rows):
            reduced = np.asarray(to_pillow(rows).reduce(self._factor))
            self._reduced.append(reduced.reshape(*reduced.shape[:2], rows.shape[2]))


def to_pillow(pixels: np.ndarray) -> Image.Image:
    """An image of uint8 pixels [H, W, C]."""
    return Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)


def contact_sheet(groups: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """A white sheet with the thumbnails of each group side by side, and wider gaps between the groups."""
    cell, size = SIDE + GAP, len(groups[0])
    columns = min(COLUMNS, len(groups))
    width, height = columns * (size * cell + GAP) + GAP, -(-len(groups) // columns) * (cell + GAP) + GAP
    sheet = Image.new("RGB", (width, height), "white")
    for index, group in enumerate(groups):
        row, column = divmod(index, columns)
        for position, image in enumerate(group):
            left = column * (size * cell + GAP) + position * cell + GAP + (SIDE - image.width) // 2
            sheet.paste(image, (left, row * (cell + GAP) + GAP + (SIDE - image.height) // 2))
    return sheet
