"""Image files: decoding, scaling and cropping to the shape of a data set."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from aeexp.datasets.readers.picture import open_picture
from aeexp.types import Shape

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")


class ReadImage(NamedTuple):
    """An image, uint8 [H, W, C], and what had to be assumed to read it."""

    pixels: np.ndarray
    assumed: tuple[str, ...]


def read_image(path: Path, image_shape: Shape, max_pixels: int) -> ReadImage:
    """The image in a file, scaled and cropped to a shape.

    The image is rotated by its EXIF orientation, composited over white if it has transparency, converted to grayscale
    (ITU-R 601 luma) or RGB, scaled with a Lanczos filter until it just covers the shape, and center-cropped. Deeper
    values are rounded to 8 bits; of an animation the first frame is used.

    Args:
        path: of the file.
        image_shape: height, width and channels (1 or 3) of the result.
        max_pixels: larger images are rejected before they are decoded.

    Raises:
        READ_ERRORS: as for `open_picture`.
    """
    height, width, channels = image_shape
    # A JPEG can be decoded at an eighth of its size, twenty times faster for a photo; twice the needed size keeps it
    # sharp.
    picture = open_picture(path, max_pixels, draft=2 * max(height, width))
    image = picture.over_white().convert("L" if channels == 1 else "RGB")
    fitted = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    return ReadImage(np.asarray(fitted).reshape(image_shape), picture.assumed)
