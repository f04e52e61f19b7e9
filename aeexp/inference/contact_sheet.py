"""Contact sheet: thumbnails of images before and after restoration."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps
from PIL.PngImagePlugin import PngInfo

from aeexp.datasets.readers.image_files import SHEET_MARK

SIDE = 144
"""Longest side of a thumbnail in pixels."""

GAP = 4
"""Pixels between thumbnails."""

TEXT = 16
"""Height of a line of text in pixels."""

WHAT = ("input", "restored", "clean")
"""What the thumbnails of a group are, in their order."""

COLUMNS = 4
"""Maximum number of groups in a row."""


def thumbnail(image: Image.Image, side: int = SIDE) -> Image.Image:
    """A thumbnail; small images are enlarged by an integer factor, so that their pixels are visible."""
    factor = side // max(image.size)
    if factor > 1:
        return image.resize((factor * image.width, factor * image.height), Image.Resampling.NEAREST)
    return ImageOps.contain(image, (side, side), Image.Resampling.LANCZOS)


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


def contact_sheet(groups: Sequence[Sequence[Image.Image]], names: Sequence[str]) -> Image.Image:
    """A white sheet with the thumbnails of each group side by side, what they are, and wider gaps between the groups.

    Args:
        groups: thumbnails of an image before and after restoration, and of the clean one where there is one.
        names: of the images, above their groups.
    """
    cell, size = SIDE + GAP, len(groups[0])
    columns = min(COLUMNS, len(groups))
    line = cell + 2 * TEXT
    width, height = columns * (size * cell + 4 * GAP) + 4 * GAP, -(-len(groups) // columns) * (line + 2 * GAP) + 4 * GAP
    sheet = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(sheet)
    for index, (group, name) in enumerate(zip(groups, names, strict=True)):
        row, column = divmod(index, columns)
        left, top = column * (size * cell + 4 * GAP) + 4 * GAP, row * (line + 2 * GAP) + 2 * GAP
        _write(draw, (left, top), name, len(group) * SIDE, "black")
        for position, (image, what) in enumerate(zip(group, WHAT, strict=False)):
            place = left + position * cell, top + TEXT
            sheet.paste(image, (place[0] + (SIDE - image.width) // 2, place[1] + (SIDE - image.height) // 2))
            _write(draw, (place[0], place[1] + SIDE), what, SIDE, "dimgray", centered=True)
    return sheet


def grid(images: Sequence[Image.Image], columns: int) -> Image.Image:
    """A white sheet with images of one size in rows, without words."""
    width, height = images[0].width + GAP, images[0].height + GAP
    columns = min(columns, len(images))
    sheet = Image.new("RGB", (columns * width + GAP, -(-len(images) // columns) * height + GAP), "white")
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        sheet.paste(image, (GAP + column * width, GAP + row * height))
    return sheet


def save_sheet(sheet: Image.Image, path: Path) -> None:
    """Write a contact sheet as PNG file, marked so that no command takes it for one of the images."""
    mark = PngInfo()
    mark.add_text("Description", SHEET_MARK)
    sheet.save(path, "PNG", pnginfo=mark)


def _write(
    draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, width: int, color: str, *, centered: bool = False
) -> None:
    """A line of text, cut off with an ellipsis where it is wider."""
    font = ImageFont.load_default(TEXT - 4)
    text = "".join(character if character.isprintable() else "\ufffd" for character in text)
    shown = text
    while draw.textlength(shown, font) > width and len(text) > 1:
        text = text[:-1]
        shown = f"{text}…"
    left = place[0] + (width - draw.textlength(shown, font)) // 2 if centered else place[0]
    draw.text((left, place[1]), shown, color, font)
