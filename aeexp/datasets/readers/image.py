"""One picture file as an array, whatever its format and size."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from aeexp.types import Shape

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp")
FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
"""What Pillow may take a file for; its other decoders are rarely needed, and some start other programs."""


def read_image(path: Path, image_shape: Shape, max_pixels: int) -> np.ndarray:
    """The picture in a file, uint8 [H, W, C].

    It is turned upright by its EXIF orientation, laid over white where it is transparent, made grey (ITU-R 601 luma)
    or RGB, scaled with a Lanczos filter until it just covers the shape, and cropped around its centre. 16 bits are
    rounded to 8; of an animation the first frame counts.

    Raises:
        ValueError: for more than `max_pixels` pixels, before they are decoded, or numbers of unknown range.
        Exception: whatever Pillow raises for a damaged file.
    """
    height, width, channels = image_shape
    # JPEG can be decoded at an eighth of its size: twenty times faster for a photo, and fine enough when twice as large
    # as needed.
    picture = open_image(path, max_pixels, draft=2 * max(height, width))
    fitted = ImageOps.fit(picture.convert("L" if channels == 1 else "RGB"), (width, height), Image.Resampling.LANCZOS)
    return np.asarray(fitted).reshape(image_shape)


def open_image(path: Path, max_pixels: int, draft: int | None = None) -> Image.Image:
    """The picture in a file at its own size, upright and laid over white: of mode `L` where it is grey, or `RGB`.

    Args:
        draft: a side in pixels that the format may shrink the picture to while decoding, where that is faster.

    Raises:
        Exception: as above.
    """
    with Image.open(path, formats=FORMATS) as picture:
        if picture.width * picture.height > max_pixels:
            raise ValueError(f"{picture.width}×{picture.height} pixels are more than max_pixels={max_pixels}")
        if draft is not None:
            picture.draft(None, (draft, draft))
        grey = picture.mode in ("1", "L", "LA") or picture.mode.startswith("I")
        return _flatten(_in_eight_bits(ImageOps.exif_transpose(picture))).convert("L" if grey else "RGB")


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode == "I" or picture.mode.startswith("I;16"):
        return Image.fromarray(np.rint(np.asarray(picture, np.float32).clip(0, 65535) / 257).astype(np.uint8))
    if picture.mode == "F":
        raise ValueError("its pixels are fractions of unknown range")
    return picture


def _flatten(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture
    layer = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
