"""Decoded images, written to PNG files and one grid of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from aeexp.inference.contact_sheet import grid, save_sheet, thumbnail, to_pillow
from aeexp.runtime.files import write_output

GRID = "grid.png"
"""The file of the grid."""

MOST = 400
"""Images on the grid (the first ones)."""


def png_files(output: Path, stem: str, count: int) -> list[Path]:
    """The files of so many images, such as `sample-007.png`."""
    digits = len(str(count))
    return [output / f"{stem}-{number:0{digits}}.png" for number in range(1, count + 1)]


def write_decoded(blocks: Iterable[np.ndarray], files: Sequence[Path], grid_file: Path, columns: int) -> None:
    """Write each image to its file, and the first ones to a grid.

    Args:
        blocks: images float32 [n, H, W, C], in [0, 1] but for what a linear decoder gives beyond.
        files: of all images.
        columns: images in a row of the grid.

    Raises:
        OutputError: if a file cannot be written.
    """
    shown: list[Image.Image] = []
    images = (image for block in blocks for image in np.rint(255 * block.clip(0, 1)).astype(np.uint8))
    for image, file in zip(map(to_pillow, images), files, strict=True):
        with write_output(file) as part:
            image.save(part, "PNG")
        shown += [thumbnail(image, GRID_SIDE)] if len(shown) < MOST else []
    with write_output(grid_file) as part:
        save_sheet(grid(shown, columns), part)


GRID_SIDE = 56
"""Longest side in pixels of an image of the grid."""
