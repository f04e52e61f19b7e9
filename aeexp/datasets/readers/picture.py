"""Image files at their original size, upright, with the transparency, bit depth and color profile that they have."""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from aeexp.datasets.readers.deep_gray import is_deep_gray, scaled_to_unit_range

FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
"""Formats that Pillow may decode; its other decoders are rarely needed, and some of them start other programs."""

READ_ERRORS = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError),
    *(EOFError, MemoryError, RuntimeError, struct.error, zlib.error, Image.DecompressionBombError),
)
"""What Pillow has been seen to raise for damaged files; an unknown kind is a fault that must be seen."""

UPRIGHT_TAGS = {0x0112, 0x011A, 0x011B, 0x0128, 0x0213}
"""EXIF tags of the orientation and the resolution, which are not lost, and of the position of JPEG's chroma."""


@dataclass(frozen=True)
class Picture:
    """The content of an image file, upright.

    Args:
        pixels: in mode `L` (grayscale), `RGB`, or `F` (grayscale of more than 8 bits, in [0, 1]).
        alpha: the opacity in mode `L`, or None.
        icc_profile: the color profile, or None.
        dpi: resolution in pixels per inch, or None.
        assumed: what had to be assumed or left out to read it.
        lost: what it has that cannot be written to a result.
    """

    pixels: Image.Image
    alpha: Image.Image | None
    icc_profile: bytes | None
    dpi: tuple[float, float] | None
    assumed: tuple[str, ...]
    lost: tuple[str, ...]

    def over_white(self) -> Image.Image:
        """The pixels over a white background, in mode `L` or `RGB`."""
        return over_white(self.pixels, self.alpha)


def open_picture(path: Path, max_pixels: int, draft: int | None = None) -> Picture:
    """Read an image file.

    Args:
        path: of the file.
        max_pixels: larger images are rejected before they are decoded.
        draft: minimum side in pixels to which the decoder may shrink the image, if that is faster.

    Raises:
        ValueError: for more than `max_pixels` pixels, or pixels that are not finite numbers.
        READ_ERRORS: for a damaged file.
    """
    # Given the path, Pillow maps uncompressed TIFF files into memory with height and width exchanged if they lie.
    with path.open("rb") as file, _opened(file) as image:
        if image.width * image.height > max_pixels:
            raise ValueError(f"{image.width}×{image.height} pixels are more than max_pixels={max_pixels}")
        if draft is not None:
            image.draft(None, (draft, draft))
        return upright(image)


def upright(image: Image.Image) -> Picture:
    """An open image as a picture; it is turned in place.

    Raises:
        ValueError: for pixels that are not finite numbers.
    """
    raw_mode, lost, assumed = _raw_mode(image), _lost(image), _frames(image)
    tags = dict(getattr(image, "tag_v2", {}))
    ImageOps.exif_transpose(image, in_place=True)
    gray = image.mode in ("1", "L", "LA", "La", "F") or image.mode.startswith("I") or raw_mode.startswith("LA;")
    pixels, alpha = _without_alpha(image)
    if is_deep_gray(image):
        pixels, guess = scaled_to_unit_range(image, tags, raw_mode)
        assumed += guess
    elif pixels.mode != ("L" if gray else "RGB"):
        pixels = pixels.convert("L" if gray else "RGB")
    else:
        pixels.load()
    return Picture(pixels, alpha, image.info.get("icc_profile"), _dpi(image), assumed, lost)


def _opened(file: BinaryIO) -> Image.Image:
    try:
        return Image.open(file, formats=FORMATS)
    except Image.UnidentifiedImageError as error:
        raise ValueError(f"its content is no image of a format among {', '.join(FORMATS)}") from error


def over_white(pixels: Image.Image, alpha: Image.Image | None) -> Image.Image:
    """Pixels in mode `L`, `RGB` or `F`, where they are transparent over white, in mode `L` or `RGB`."""
    if pixels.mode == "F":
        pixels = Image.fromarray(to_uint8(np.asarray(pixels)))
    if alpha is None:
        return pixels
    layer = pixels.convert("RGBA")
    layer.putalpha(alpha)
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert(pixels.mode)


def to_uint8(pixels: np.ndarray) -> np.ndarray:
    """Pixels in [0, 1], clipped and rounded to uint8 in [0, 255]."""
    return np.rint(255 * np.nan_to_num(np.clip(pixels, 0, 1))).astype(np.uint8)


def _without_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """An image without transparency, and its opacity."""
    if not image.has_transparency_data:
        return image, None
    if is_deep_gray(image):  # one of its values is transparent
        visible = np.asarray(image) != image.info.get("transparency")
        return image, Image.fromarray(255 * visible.astype(np.uint8))
    *colors, alpha = image.convert("LA" if image.mode in ("1", "L", "LA", "La") else "RGBA").split()
    return Image.merge("L" if len(colors) == 1 else "RGB", colors), alpha


def _raw_mode(image: Image.Image) -> str:
    """Pillow's name for how the pixels are stored, such as `RGB;16B`."""
    tiles = getattr(image, "tile", None)
    arguments = tiles[0][3] if tiles else ""
    stored = arguments if isinstance(arguments, str | None) else arguments[0]
    if image.format == "PPM" and image.mode == "RGB" and not isinstance(arguments, str) and arguments[-1] > 255:
        return f"{stored};16B"
    return str(stored)


def _frames(image: Image.Image) -> tuple[str, ...]:
    try:
        several = getattr(image, "n_frames", 1) > 1
    except READ_ERRORS:
        several = True  # a second one is there, but damaged
    return ("of its pages or frames only the first is used",) if several else ()


def _lost(image: Image.Image) -> tuple[str, ...]:
    """What Pillow or PNG has no place for."""
    lost = []
    if ";16" in _raw_mode(image) and not image.mode.startswith("I"):
        lost.append("its 16 bits per channel are read as 8, as Pillow has no deeper color")
    if image.format != "TIFF" and (set(image.getexif()) - UPRIGHT_TAGS or "xmp" in image.info):
        lost.append("its EXIF and XMP data are not kept")
    return tuple(lost)


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    dpi = image.info.get("dpi")
    if not isinstance(dpi, tuple) or len(dpi) != 2:
        return None
    across, down = (float(value) for value in dpi)
    return (across, down) if 0 < across < 1e6 and 0 < down < 1e6 else None
