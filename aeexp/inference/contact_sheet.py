"""Many pictures small, each beside what became of it."""

from collections.abc import Sequence

from PIL import Image

SIDE = 144
"""Pixels of the longest side of a small picture."""

GAP = 4
ACROSS = 4
"""Pictures beside one another, each with what became of it."""


def thumbnail(picture: Image.Image) -> Image.Image:
    """Enlarged by whole pixels where it is very small, so that these can be seen."""
    factor = SIDE // max(picture.size)
    if factor > 1:
        return picture.resize((factor * picture.width, factor * picture.height), Image.Resampling.NEAREST)
    small = picture.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return small


def contact_sheet(groups: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """A white sheet with the thumbnails of each group side by side, and wider gaps between the groups."""
    cell, size = SIDE + GAP, len(groups[0])
    across = min(ACROSS, len(groups))
    width, height = across * (size * cell + GAP) + GAP, -(-len(groups) // across) * (cell + GAP) + GAP
    sheet = Image.new("RGB", (width, height), "white")
    for place, group in enumerate(groups):
        row, column = divmod(place, across)
        for position, picture in enumerate(group):
            left = column * (size * cell + GAP) + position * cell + GAP + (SIDE - picture.width) // 2
            sheet.paste(picture, (left, row * (cell + GAP) + GAP + (SIDE - picture.height) // 2))
    return sheet
