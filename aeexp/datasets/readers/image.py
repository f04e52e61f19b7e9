"""Image files: decoding, scaling and cropping."""

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from aeexp.types import Shape

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
"""Formats that Pillow may decode; its other decoders are rarely needed, and some of them start other programs."""

READ_ERRORS = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError),
    *(EOFError, MemoryError, RuntimeError, struct.error, zlib.error, Image.DecompressionBombError),
)
"""What Pillow has been seen to raise for damaged files; an unknown kind is a fault that must be seen."""


def read_image(path: Path, image_shape: Shape, max_pixels: int) -> np.ndarray:
    """The image in a file, scaled and cropped to a shape, uint8 [H, W, C].

    The image is rotated by its EXIF orientation, composited over white if it has transparency, converted to grayscale
    (ITU-R 601 luma) or RGB, scaled with a Lanczos filter until it just covers the shape, and center-cropped. 16-bit
    values are rounded to 8 bits; of an animation the first frame is used.

    Args:
        path: of the file.
        image_shape: height, width and channels (1 or 3) of the result.
        max_pixels: larger images are rejected before they are decoded.

    Raises:
        ValueError: for more than `max_pixels` pixels, or floating-point pixels of unknown range.
        READ_ERRORS: for a damaged file.
    """
    height, width, channels = image_shape
    # A JPEG can be decoded at an eighth of its size, twenty times faster for a photo; twice the needed size keeps it
    # sharp.
    image = open_image(path, max_pixels, draft=2 * max(height, width))
    fitted = ImageOps.fit(image.convert("L" if channels == 1 else "RGB"), (width, height), Image.Resampling.LANCZOS)
    return np.asarray(fitted).reshape(image_shape)


def open_image(path: Path, max_pixels: int, draft: int | None = None) -> Image.Image:
    """The image in a file at its original size, upright and without transparency, in mode `L` (grayscale) or `RGB`.

    Args:
        path: of the file.
        max_pixels: larger images are rejected before they are decoded.
        draft: minimum side in pixels to which the decoder may shrink the image, if that is faster.

    Raises:
        READ_ERRORS: as for `read_image`.
    """
    with Image.open(path, formats=FORMATS) as image:
        if image.width * image.height > max_pixels:
            raise ValueError(f"{image.width}×{image.height} pixels are more than max_pixels={max_pixels}")
        if draft is not None:
            image.draft(None, (draft, draft))
        gray = image.mode in ("1", "L", "LA") or image.mode.startswith("I")
        return _flatten(_to_8_bit(ImageOps.exif_transpose(image))).convert("L" if gray else "RGB")


def to_uint8(pixels: np.ndarray) -> np.ndarray:
    """Pixels in [0, 1], clipped and rounded to uint8 in [0, 255]."""
    return np.rint(255 * np.nan_to_num(np.clip(pixels, 0, 1))).astype(np.uint8)


def _to_8_bit(image: Image.Image) -> Image.Image:
    if image.mode == "I" or image.mode.startswith("I;16"):
        return Image.fromarray(np.rint(np.asarray(image, np.float32).clip(0, 65535) / 257).astype(np.uint8))
    if image.mode == "F":
        raise ValueError("its pixels are floating-point values of unknown range")
    return image


def _flatten(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
