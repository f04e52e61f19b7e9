"""Contact sheet: thumbnails of images before and after restoration."""

from collections.abc import Sequence

from PIL import Image

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
    small = image.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return small


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
